use std::sync::Arc;

use super::kept::Kept;
use super::rows::Rows;
use super::turn::{Judged, Turn, Verdict, read};
use crate::messaging::Bytes;
use crate::saga::command::Command;
use crate::saga::direction::Direction;
use crate::saga::fault::Fault;
use crate::saga::ids::{Epoch, SagaId};
use crate::saga::outcome::Outcome;
use crate::store::{Commit, Key, Store, StoreError, Transaction};

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
    Turn(Box<Turn>),
    /// It ends so, without anything to be done.
    Known(Outcome),
}

impl Ledger {
    /// The ledger with its rows under this prefix.
    pub fn new(prefix: impl Into<Key>) -> Self {
        Self { rows: Rows(prefix.into()) }
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
        let fence = self.rows.fence(&command.saga);
        let heard = transaction.get(fence.clone()).await?.and_then(|row| row.try_into().ok());
        let heard = heard.map_or(Epoch(0), |bytes| Epoch(u64::from_be_bytes(bytes)));
        if command.epoch < heard {
            return Ok(Begun::Known(Outcome::Fenced(heard)));
        }
        if command.epoch > heard {
            transaction.put(fence, command.epoch.0.to_be_bytes());
        }
        let own = self.kept(&mut transaction, &command, command.direction).await?;
        if let Some(kept) = own {
            transaction.commit().await?;
            return Ok(Begun::Known(answer(kept)));
        }
        let act = match command.direction {
            Direction::Do => None,
            direction => {
                Some((direction, self.kept(&mut transaction, &command, Direction::Do).await?))
            }
        };
        let rows = self.rows.clone();
        let mut turn = Turn { transaction, command, undone: None, rows, places: Vec::new() };
        match act {
            None => Ok(Begun::Turn(Box::new(turn))),
            Some((Direction::Undo, Some(Kept::Done(output)))) => {
                turn.undone = Some(output);
                turn.release().await?;
                Ok(Begun::Turn(Box::new(turn)))
            }
            Some((direction, act)) => {
                turn.release().await?;
                if direction == Direction::Undo && act.is_none() {
                    let key = self.key(&turn.command, Direction::Do);
                    turn.transaction.put(key, Kept::Tombstone.encode());
                }
                self.end(turn.done(Bytes::from([]))).await.map(Begun::Known)
            }
        }
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
        let key = self.key(&turn.command, turn.command.direction);
        if !matches!(verdict, Verdict::Done(_)) {
            turn.transaction = turn.transaction.without_writes();
            let fence = turn.command.epoch.0.to_be_bytes();
            turn.transaction.put(self.rows.fence(&turn.command.saga), fence);
        }
        let outcome = match verdict {
            Verdict::Done(output) => {
                turn.transaction.put(key, Kept::Done(output.clone()).encode());
                Outcome::Done(output)
            }
            Verdict::Refused(fault) if turn.can_be_refused() => {
                // It comes no more, so its place in line would be in the way of all others.
                turn.release().await?;
                turn.transaction.put(key, Kept::Refused(fault.clone()).encode());
                Outcome::Refused(fault)
            }
            Verdict::Refused(fault) | Verdict::Failed(fault) => Outcome::Failed(fault),
            Verdict::Locked(by) => {
                let places = std::mem::take(&mut turn.places);
                places.into_iter().for_each(|(key, row)| turn.transaction.put(key, row));
                Outcome::Locked(by)
            }
        };
        Ok((turn.transaction, outcome))
    }

    /// What a commit says of locks, for whoever looks after the store: the targets, and who has locked them from then on.
    pub fn locks_of(&self, commit: &Commit) -> Vec<(String, Option<SagaId>)> {
        let locks = commit.writes.iter().filter_map(|(key, row)| {
            Some((self.rows.target_of(key)?, row.as_ref().map(|row| read(row))))
        });
        locks.collect()
    }

    async fn kept(
        &self,
        transaction: &mut Transaction,
        command: &Command,
        direction: Direction,
    ) -> Result<Option<Kept>, StoreError> {
        let row = transaction.get(self.key(command, direction)).await?;
        let kept = row.map(|row| Kept::decode(&row)).transpose();
        kept.map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    fn key(&self, command: &Command, direction: Direction) -> Key {
        let mut key = command.key();
        key.direction = direction;
        self.rows.of(&key)
    }
}

fn answer(kept: Kept) -> Outcome {
    match kept {
        Kept::Done(output) => Outcome::Done(output),
        Kept::Refused(fault) => Outcome::Refused(fault),
        Kept::Tombstone => Outcome::Refused(Fault::new("undone", "its undo came first")),
    }
}
