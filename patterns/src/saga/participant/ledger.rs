use std::sync::Arc;

use super::kept::Kept;
use super::rows::Rows;
use super::turn::{Judged, Playing, Turn, Verdict, read};
use crate::messaging::Bytes;
use crate::saga::command::Command;
use crate::saga::direction::Direction;
use crate::saga::fault::Fault;
use crate::saga::forget::delete_rows;
use crate::saga::ids::{Epoch, SagaId};
use crate::saga::outcome::Outcome;
use crate::store::{Commit, Key, Range, Store, StoreError, Transaction};

/// What has become of each command, in the same place as what they did.
///
/// | command | what is known | |
/// |---|---|---|
/// | of an earlier epoch than was heard of | | is fenced |
/// | any | it was done, or refused | is answered the same |
/// | to do | its undo came first: a *tombstone* | is refused |
/// | to undo | it was never done | leaves a tombstone, and is done |
/// | to undo | it was refused | is done |
/// | any other | | has its [`Turn`] |
#[derive(Debug)]
pub struct Ledger {
    rows: Rows,
}

/// What a ledger says to a command.
#[derive(Debug)]
pub enum Begun {
    /// It is to be done now.
    Turn(Turn),
    /// It ends so, without anything to be done.
    Known(Outcome),
}

impl Ledger {
    /// The ledger with its rows under this prefix.
    pub fn new(prefix: impl Into<Key>) -> Self {
        Self { rows: Rows(prefix.into().into()) }
    }

    /// Begins what a command asks for, if there is anything to be done.
    ///
    /// # Errors
    ///
    /// As for the store. With [`Conflict`](StoreError::Conflict) it can be begun anew.
    pub async fn begin(
        &self,
        store: &Arc<dyn Store>,
        command: Command,
    ) -> Result<Begun, StoreError> {
        let mut transaction = Transaction::begin(store);
        let (saga, direction) = (&command.saga, command.direction);
        let (fence, own) = (self.rows.fence(saga), self.key(&command, direction));
        let (heard, known, act) = match direction {
            Direction::Undo => {
                let keys = [fence, own.clone(), self.key(&command, Direction::Do)];
                let [heard, known, act] = Box::pin(transaction.get_all(keys)).await?;
                (heard, known, act)
            }
            _ => {
                let [heard, known] = transaction.get_all([fence, own.clone()]).await?;
                (heard, known, None)
            }
        };
        let heard = heard.and_then(|row| row.try_into().ok());
        let heard = heard.map_or(Epoch(0), |bytes| Epoch(u64::from_be_bytes(bytes)));
        if command.epoch < heard {
            return Ok(Begun::Known(Outcome::Fenced(heard)));
        }
        // Before the first one there is none that could be refused.
        let is_fenced = command.epoch > heard.max(Epoch::FIRST);
        let fence = is_fenced.then(|| self.rows.fence(&command.saga));
        if let Some(fence) = &fence {
            transaction.put(fence.clone(), command.epoch.0.to_be_bytes());
        }
        if let Some(known) = known.map(|row| kept(&row)).transpose()? {
            Box::pin(transaction.commit()).await?;
            return Ok(Begun::Known(answer(known)));
        }
        let act = act.map(|row| kept(&row)).transpose()?;
        let rows = self.rows.clone();
        let (undone, places) = (None, Vec::new());
        let playing = Playing { transaction, command, undone, own, rows, fence, places };
        let turn = Turn(Box::new(playing));
        match direction {
            Direction::Do => Ok(Begun::Turn(turn)),
            _ => Box::pin(self.begin_back(turn, act)).await,
        }
    }

    /// Begins to undo what has become of an act, or to release what is locked.
    async fn begin_back(&self, mut turn: Turn, act: Option<Kept>) -> Result<Begun, StoreError> {
        turn.release().await?;
        match act {
            Some(Kept::Done(output)) => {
                turn.undone = Some(output);
                return Ok(Begun::Turn(turn));
            }
            None if turn.direction() == Direction::Undo => {
                let key = self.key(&turn.command, Direction::Do);
                turn.transaction.put(key, Kept::Tombstone.encode());
            }
            _ => {}
        }
        self.end(turn.done(Bytes::default())).await.map(Begun::Known)
    }

    /// Ends a turn: with what it did, or without any of it.
    ///
    /// # Errors
    ///
    /// As for the store. With [`Conflict`](StoreError::Conflict) nothing was done, and the command can be begun anew.
    pub async fn end(&self, judged: Judged) -> Result<Outcome, StoreError> {
        let (transaction, outcome) = self.settle(judged).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    /// What a turn comes to when its transaction commits, in which there may be more by then.
    pub(in crate::saga) async fn settle(
        &self,
        judged: Judged,
    ) -> Result<(Transaction, Outcome), StoreError> {
        let Judged { mut turn, verdict } = judged;
        let key = std::mem::take(&mut turn.own);
        if !matches!(verdict, Verdict::Done(_)) {
            turn.transaction.drop_writes();
            if let Some(fence) = turn.fence.take() {
                let epoch = turn.command.epoch.0.to_be_bytes();
                turn.transaction.put(fence, epoch);
            }
        }
        let outcome = match verdict {
            Verdict::Done(output) => {
                turn.transaction.put(key, Kept::Done(output.clone()).encode());
                Outcome::Done(output)
            }
            Verdict::Refused(fault) if turn.can_be_refused() => {
                // It comes no more, so its place in line would be in the way of all others.
                Box::pin(turn.release()).await?;
                turn.transaction.put(key, Kept::Refused(fault.clone()).encode());
                Outcome::Refused(fault)
            }
            Verdict::Refused(fault) | Verdict::Failed(fault) => Outcome::Failed(fault),
            Verdict::Locked(by) => {
                let Playing { places, transaction, .. } = &mut *turn;
                places.drain(..).for_each(|(key, row)| transaction.put(key, row));
                Outcome::Locked(by)
            }
        };
        Ok((turn.0.transaction, outcome))
    }

    /// Forgets a saga that has ended. What comes of it then is done as if it were new: that is for who knows that nothing
    /// will, as nobody who could send it lives any more.
    ///
    /// # Errors
    ///
    /// As for the store. What is not forgotten then can be forgotten later.
    pub async fn forget(&self, store: &Arc<dyn Store>, saga: &SagaId) -> Result<(), StoreError> {
        delete_rows(store, [self.rows_of(saga)]).await
    }

    /// Where all is that it knows of a saga, but for what that has locked.
    pub fn rows_of(&self, saga: &SagaId) -> Range {
        self.rows.all_of(saga)
    }

    /// What a commit says of locks, for whoever looks after the store: the targets, and who has locked them from then on.
    pub fn locks_of(&self, commit: &Commit) -> Vec<(String, Option<SagaId>)> {
        let locks = commit.writes.iter().filter_map(|(key, row)| {
            Some((self.rows.target_of(key)?, row.as_ref().map(|row| read(row))))
        });
        locks.collect()
    }

    fn key(&self, command: &Command, direction: Direction) -> Key {
        self.rows.of(&command.saga, &command.step, direction)
    }
}

fn kept(row: &[u8]) -> Result<Kept, StoreError> {
    Kept::decode(row).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn answer(kept: Kept) -> Outcome {
    match kept {
        Kept::Done(output) => Outcome::Done(output),
        Kept::Refused(fault) => Outcome::Refused(fault),
        Kept::Tombstone => Outcome::Refused(Fault::new("undone", "its undo came first")),
    }
}
