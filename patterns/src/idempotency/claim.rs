use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Wall;

use super::entry::{Entry, Phase};
use super::rows::Rows;
use crate::store::{Commit, Condition, Key, Revision, Store, StoreError, Transaction};

/// The right to do the work of a key, until somebody takes it over.
///
/// It ends in one of three ways: [`done`](Self::done), with the answer in the transaction of the effect; [`answered`](Self::answered), for
/// an effect that is elsewhere; [`give_back`](Self::give_back), without an answer to keep. All of them
/// conflict where somebody else has taken over. Dropped, it is taken for crashed when its lease is over.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(super) rows: Rows,
    pub(super) key: Key,
    /// The row by which it is forgotten if it never ends.
    pub(super) by_age: Key,
    pub(super) entry: Entry,
    pub(super) held: Revision,
    pub(super) time_to_live: Duration,
    pub(super) until: Wall,
}

impl Claim {
    /// How often the work was begun. It goes up with each takeover, so what does the work elsewhere can refuse an earlier one.
    pub fn epoch(&self) -> u64 {
        self.entry.epoch
    }

    /// Until when nobody takes it over.
    pub fn until(&self) -> Wall {
        self.until
    }

    /// A transaction that happens only if nobody has taken over.
    ///
    /// # Errors
    ///
    /// As for the store; [`Conflict`](StoreError::Conflict) where somebody has.
    pub async fn transaction(&self, store: &Arc<dyn Store>) -> Result<Transaction, StoreError> {
        let mut transaction = Transaction::begin(store);
        match transaction.get(self.key.clone()).await? {
            Some(row) if row == self.entry.encode() => Ok(transaction),
            _ => Err(StoreError::Conflict),
        }
    }

    /// Ends it with an answer, in the transaction of what was done: both are there, or none.
    ///
    /// # Errors
    ///
    /// As for the store. With [`Conflict`](StoreError::Conflict) nothing was done: somebody has taken over, or another
    /// transaction was first, and the work can be done anew in another [`transaction`](Self::transaction).
    pub async fn done(
        &self,
        mut transaction: Transaction,
        answer: &[u8],
        now: Wall,
    ) -> Result<(), StoreError> {
        let expires = now + self.time_to_live;
        transaction.delete(self.by_age.clone());
        transaction.put(self.key.clone(), self.with(Phase::Done(answer.to_vec(), expires)));
        transaction.put(self.rows.by_age(expires, &self.key), self.key.clone());
        transaction.commit().await.map(drop)
    }

    /// Ends it with an answer to what was done elsewhere. A crash before this has the work done again.
    ///
    /// # Errors
    ///
    /// As for the store; [`Conflict`](StoreError::Conflict) where somebody has taken over.
    pub async fn answered(
        &self,
        store: &Arc<dyn Store>,
        answer: &[u8],
        now: Wall,
    ) -> Result<(), StoreError> {
        let expires = now + self.time_to_live;
        let done = self.with(Phase::Done(answer.to_vec(), expires));
        let by_age = self.rows.by_age(expires, &self.key);
        let own = self.own().delete(self.by_age.clone());
        let commit = own.put(self.key.clone(), done).put(by_age, self.key.clone());
        store.commit(commit).await.map(drop)
    }

    /// Ends it without an answer that is kept: the next request of the key does the work.
    ///
    /// # Errors
    ///
    /// As for the store; [`Conflict`](StoreError::Conflict) where somebody has taken over.
    pub async fn give_back(&self, store: &Arc<dyn Store>) -> Result<(), StoreError> {
        let open = self.with(Phase::Open);
        store.commit(self.own().put(self.key.clone(), open)).await.map(drop)
    }

    fn own(&self) -> Commit {
        Commit::new().given(Condition::At(self.key.clone(), self.held))
    }

    fn with(&self, phase: Phase) -> Vec<u8> {
        Entry { phase, ..self.entry.clone() }.encode()
    }
}
