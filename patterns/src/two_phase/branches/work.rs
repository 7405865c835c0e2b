use super::prepared::Prepared;
use crate::store::{Key, StoreError, Transaction, Value};
use crate::two_phase::ids::TransactionId;
use crate::two_phase::word::Ask;

/// The work of a branch that is to vote.
///
/// What it reads through the transaction must still be so when the vote is written down. What it writes is kept, and
/// written when it is told to commit; until then, nobody else gets what it has locked.
#[derive(Debug)]
pub struct Work {
    /// For what it reads.
    pub transaction: Transaction,
    /// What it is asked.
    pub ask: Ask,
    pub(super) prepared: Prepared,
    pub(super) prefix: Key,
}

impl Work {
    /// Locks something until the transaction ends. Who has it otherwise.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn lock(&mut self, target: &str) -> Result<Option<TransactionId>, StoreError> {
        let row = [&self.prefix, b"lock/".as_slice(), target.as_bytes()].concat();
        let holder = self.transaction.get(row.clone()).await?;
        let holder = holder.and_then(|row| TransactionId::read(&row));
        if let Some(holder) = holder.filter(|holder| *holder != self.ask.transaction) {
            return Ok(Some(holder));
        }
        self.transaction.put(row.clone(), self.ask.transaction.bytes());
        self.prepared.locks.push(row);
        Ok(None)
    }

    /// Writes a row if it commits.
    pub fn put(&mut self, key: impl Into<Key>, value: impl Into<Value>) {
        self.prepared.writes.insert(key.into(), Some(value.into()));
    }

    /// Deletes a row if it commits.
    pub fn delete(&mut self, key: impl Into<Key>) {
        self.prepared.writes.insert(key.into(), None);
    }
}
