use std::sync::Arc;

use super::kept::Kept;
use super::rows::Rows;
use super::turn::{Judged, Turn, Verdict};
use crate::messaging::Bytes;
use crate::saga::command::Command;
use crate::saga::direction::Direction;
use crate::saga::fault::Fault;
use crate::saga::ids::Epoch;
use crate::saga::outcome::Outcome;
use crate::store::{Key, Store, StoreError, Transaction, Value};

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
        let Judged { turn, verdict } = judged;
        let Turn { mut transaction, command, places, .. } = turn;
        let key = self.key(&command, command.direction);
        match verdict {
            Verdict::Done(output) => {
                transaction.put(key, Kept::Done(output.clone()).encode());
                transaction.commit().await?;
                Ok(Outcome::Done(output))
            }
            Verdict::Locked(by) => {
                self.instead(transaction, &command, places).await?;
                Ok(Outcome::Locked(by))
            }
            Verdict::Refused(fault) if command.direction == Direction::Do && !command.must => {
                let kept = Kept::Refused(fault.clone()).encode();
                self.instead(transaction, &command, vec![(key, kept)]).await?;
                Ok(Outcome::Refused(fault))
            }
            Verdict::Refused(fault) | Verdict::Failed(fault) => {
                self.instead(transaction, &command, Vec::new()).await?;
                Ok(Outcome::Failed(fault))
            }
        }
    }

    /// Writes what is known of the command, and nothing that its turn has written.
    async fn instead(
        &self,
        turn: Transaction,
        command: &Command,
        rows: Vec<(Key, Value)>,
    ) -> Result<(), StoreError> {
        let mut transaction = turn.without_writes();
        let fence = command.epoch.0.to_be_bytes();
        transaction.put(self.rows.fence(&command.saga), fence);
        rows.into_iter().for_each(|(key, value)| transaction.put(key, value));
        transaction.commit().await.map(drop)
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
