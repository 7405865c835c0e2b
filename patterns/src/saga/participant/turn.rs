use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::rows::Rows;
use crate::messaging::Bytes;
use crate::saga::command::Command;
use crate::saga::direction::Direction;
use crate::saga::fault::Fault;
use crate::saga::ids::SagaId;
use crate::store::{Key, Range, Row, StoreError, Transaction, Value};

/// A command that is to be done now, and the transaction for what it does.
///
/// Whatever is read and written through the transaction happens together with the note that the command was
/// done, or not at all.
#[derive(Debug)]
pub struct Turn(pub(super) Box<Playing>);

/// What a [`Turn`] consists of.
#[derive(Debug)]
pub struct Playing {
    /// For what it does.
    pub transaction: Transaction,
    /// What it is.
    pub command: Command,
    /// To undo: the result of what is undone.
    pub undone: Option<Bytes>,
    /// Where it is to be written down what has become of it.
    pub(super) own: Key,
    pub(super) rows: Rows,
    /// Where its epoch is to be written down, if no later one was heard of before and there was an earlier one.
    pub(super) fence: Option<Key>,
    /// Its places in line, which are kept when it meets a lock.
    pub(super) places: Vec<(Key, Value)>,
}

impl Deref for Turn {
    type Target = Playing;

    fn deref(&self) -> &Playing {
        &self.0
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut Playing {
        &mut self.0
    }
}

/// What has become of a turn.
#[derive(Debug)]
pub struct Judged {
    pub(super) turn: Turn,
    pub(super) verdict: Verdict,
}

#[derive(Debug)]
pub(super) enum Verdict {
    Done(Bytes),
    Refused(Fault),
    Failed(Fault),
    Locked(SagaId),
}

/// What becomes of a saga that meets a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contention {
    /// It is refused, and goes back.
    Fail,
    /// It tries again; whoever comes first after the release has it.
    Wait,
    /// It has a place in line, and tries again: the lock is given in the order in which it was asked for.
    Stash,
}

impl Turn {
    /// Whether it is to be done or to be undone.
    pub fn direction(&self) -> Direction {
        self.command.direction
    }

    pub(super) fn can_be_refused(&self) -> bool {
        self.command.direction == Direction::Do && !self.command.must
    }

    /// It is done, with a result.
    pub fn done(self, output: impl Into<Bytes>) -> Judged {
        Judged { turn: self, verdict: Verdict::Done(output.into()) }
    }

    /// It is not done, and never will be. Nothing of what was written is kept.
    pub fn refuse(self, kind: impl Into<Arc<str>>, why: impl Into<Arc<str>>) -> Judged {
        Judged { turn: self, verdict: Verdict::Refused(Fault::new(kind, why)) }
    }

    /// It is not done this time. Nothing of what was written is kept.
    pub fn fail(self, kind: impl Into<Arc<str>>, why: impl Into<Arc<str>>) -> Judged {
        Judged { turn: self, verdict: Verdict::Failed(Fault::new(kind, why)) }
    }

    /// It meets the lock of a saga. Of what was written, its place in line is kept.
    pub fn locked(self, by: SagaId, contention: Contention) -> Judged {
        let verdict = match contention {
            Contention::Fail => Verdict::Refused(Fault::new("locked", by.as_str())),
            Contention::Wait | Contention::Stash => Verdict::Locked(by),
        };
        Judged { turn: self, verdict }
    }

    /// Locks something for its saga until that ends, or until the step is undone. Who has it otherwise.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn lock(
        &mut self,
        target: &str,
        contention: Contention,
    ) -> Result<Option<SagaId>, StoreError> {
        let (own, lock) = (self.command.saga.clone(), self.rows.lock(target));
        let holder = self.transaction.get(lock.clone()).await?.map(|row| read(&row));
        if let Some(holder) = holder.filter(|holder| *holder != own) {
            if contention == Contention::Stash {
                self.stand_in_line(target).await?;
            }
            return Ok(Some(holder));
        }
        // However long the line is, its head says whose turn it is.
        let all = self.rows.line(target);
        let line = self.transaction.range(all, 1).await?;
        if let Some(head) = line.rows.into_iter().next() {
            let first = read(&head.value);
            if first != own {
                if contention == Contention::Stash {
                    self.stand_in_line(target).await?;
                }
                return Ok(Some(first));
            }
            self.transaction.delete(head.key);
        }
        let held = self.rows.held_of(&own, &self.command.step, target);
        self.transaction.put(held, target);
        self.transaction.put(lock, own.as_str());
        Ok(None)
    }

    async fn stand_in_line(&mut self, target: &str) -> Result<(), StoreError> {
        let own = self.command.saga.clone();
        let held = self.rows.held_of(&own, &self.command.step, target);
        // Whoever has a place has this row, as whoever has the lock.
        if self.transaction.get(held.clone()).await?.is_some() {
            return Ok(());
        }
        let line = self.all(self.rows.line(target)).await?;
        let last = line.last().and_then(|row| row.key.last_chunk::<8>().copied());
        let place = last.map_or(0, u64::from_be_bytes) + 1;
        let place = self.rows.line_of(target, place);
        self.places.push((place, own.as_str().into()));
        self.places.push((held, target.into()));
        Ok(())
    }

    /// Lets go of what the step has locked or waits for.
    pub(super) async fn release(&mut self) -> Result<(), StoreError> {
        let (own, step) = (self.command.saga.clone(), Arc::clone(&self.command.step));
        let held = self.all(self.rows.held(&own, &step)).await?;
        for row in held {
            let target = String::from_utf8_lossy(&row.value).into_owned();
            self.transaction.delete(row.key);
            let line = self.all(self.rows.line(&target)).await?;
            for place in line.iter().filter(|place| read(&place.value) == own) {
                self.transaction.delete(place.key.clone());
            }
            let lock = self.rows.lock(&target);
            let is_own = self.transaction.get(lock.clone()).await?.map(|row| read(&row));
            if is_own.is_some_and(|holder| holder == own) && !self.is_held_besides(&target).await? {
                self.transaction.delete(lock);
            }
        }
        Ok(())
    }

    /// All rows of a range, however many there are.
    async fn all(&mut self, range: Range) -> Result<Vec<Row>, StoreError> {
        let (mut rows, mut rest) = (Vec::new(), Some(range));
        while let Some(range) = rest {
            let page = self.transaction.range(range, 1_000).await?;
            rows.extend(page.rows);
            rest = page.rest;
        }
        Ok(rows)
    }

    /// Whether another step of the saga needs the target as well.
    async fn is_held_besides(&mut self, target: &str) -> Result<bool, StoreError> {
        let held = self.all(self.rows.held_by(&self.command.saga)).await?;
        Ok(held.iter().any(|row| row.value == target.as_bytes()))
    }
}

pub(super) fn read(value: &[u8]) -> SagaId {
    String::from_utf8_lossy(value).into_owned().into()
}
