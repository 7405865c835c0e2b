use std::sync::Arc;

use super::prepared::Prepared;
use super::work::Work;
use crate::store::{Commit, Key, Range, Store, StoreError, Transaction};
use crate::two_phase::ids::TransactionId;
use crate::two_phase::word::{Ask, Decision, Reply, What};

/// What has become of the branches of a participant, in the same place as what they write.
///
/// | it is asked | what is known | |
/// |---|---|---|
/// | to prepare | it was aborted | votes no |
/// | to prepare | it has voted yes, or has committed | votes yes |
/// | to prepare | nothing | has its [`Work`] |
/// | to commit | it has voted yes | writes, and lets go |
/// | to abort | it has voted yes | lets go |
/// | to abort | nothing | leaves a note, so that it is not prepared when that comes late |
#[derive(Clone, Debug)]
pub struct Branches {
    prefix: Key,
}

/// What is to be done with what was asked.
#[derive(Debug)]
pub enum Begun {
    /// It is to vote.
    Work(Box<Work>),
    /// That is the answer.
    Known(Reply),
}

const COMMITTED: u8 = 1;
const ABORTED: u8 = 0;

impl Branches {
    /// Those with their rows under this prefix.
    pub fn new(prefix: impl Into<Key>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// Begins what is asked, or does it at once.
    ///
    /// # Errors
    ///
    /// As for the store. With [`Conflict`](StoreError::Conflict) it can be begun anew.
    pub async fn begin(&self, store: &Arc<dyn Store>, ask: Ask) -> Result<Begun, StoreError> {
        if let What::Decide(decision) = ask.what {
            self.decide(store, &ask.transaction, decision).await?;
            return Ok(Begun::Known(Reply::Done));
        }
        let mut transaction = Transaction::begin(store);
        let ended = transaction.get(self.ended(&ask.transaction)).await?;
        let doubt = transaction.get(self.doubt(&ask.transaction)).await?;
        match (ended.as_deref(), doubt) {
            (Some([ABORTED]), _) => Ok(Begun::Known(Reply::No)),
            (Some(_), _) | (None, Some(_)) => Ok(Begun::Known(Reply::Yes)),
            (None, None) => {
                let (prefix, prepared) = (self.prefix.clone(), Prepared::default());
                Ok(Begun::Work(Box::new(Work { transaction, ask, prepared, prefix })))
            }
        }
    }

    /// Votes yes: it can commit from now on, whatever happens.
    ///
    /// # Errors
    ///
    /// As for the store. With [`Conflict`](StoreError::Conflict) it has not voted, and can be begun anew.
    pub async fn vote(&self, work: Work) -> Result<Reply, StoreError> {
        let Work { mut transaction, ask, prepared, .. } = work;
        transaction.put(self.doubt(&ask.transaction), prepared.encode());
        transaction.commit().await.map(|_| Reply::Yes)
    }

    /// Does as was decided. Of what has not voted it is noted.
    ///
    /// # Errors
    ///
    /// As for the store. With [`Conflict`](StoreError::Conflict) it can be done anew.
    pub async fn decide(
        &self,
        store: &Arc<dyn Store>,
        id: &TransactionId,
        decision: Decision,
    ) -> Result<(), StoreError> {
        let mut transaction = Transaction::begin(store);
        let ended = self.ended(id);
        if transaction.get(ended.clone()).await?.is_some() {
            return Ok(());
        }
        let doubt = self.doubt(id);
        if let Some(row) = transaction.get(doubt.clone()).await? {
            let corrupt = || StoreError::Corrupt("what was prepared cannot be read".to_owned());
            let Prepared { writes, locks } = Prepared::decode(&row).ok_or_else(corrupt)?;
            transaction.delete(doubt);
            locks.into_iter().for_each(|lock| transaction.delete(lock));
            for (key, value) in writes.into_iter().filter(|_| decision == Decision::Commit) {
                match value {
                    Some(value) => transaction.put(key, value),
                    None => transaction.delete(key),
                }
            }
        }
        let how = if decision == Decision::Commit { COMMITTED } else { ABORTED };
        transaction.put(ended, [how]);
        transaction.commit().await.map(drop)
    }

    /// Those that have voted yes and were not told what was decided; at most so many.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn in_doubt(
        &self,
        store: &Arc<dyn Store>,
        most: usize,
    ) -> Result<Vec<TransactionId>, StoreError> {
        let prefix = self.of(b"doubt/");
        let rows = store.range(Range::prefix(prefix.clone()), most).await?.rows;
        let id = |key: &[u8]| TransactionId::read(key.strip_prefix(&prefix[..])?);
        Ok(rows.iter().filter_map(|row| id(&row.key)).collect())
    }

    /// The branches that are in doubt when a commit is made, and those that are no more, for whoever looks after the store.
    pub fn doubts_of(&self, commit: &Commit) -> Vec<(TransactionId, bool)> {
        let prefix = self.of(b"doubt/");
        let doubts = commit.writes.iter().filter_map(|(key, row)| {
            let id = TransactionId::read(key.strip_prefix(&prefix[..])?)?;
            Some((id, row.is_some()))
        });
        doubts.collect()
    }

    /// Where it is noted what has become of a branch, which nobody needs any more when nobody will ever ask for it again.
    pub fn rows_of(&self, id: &TransactionId) -> Range {
        Range::only(self.ended(id))
    }

    fn doubt(&self, id: &TransactionId) -> Key {
        [self.of(b"doubt/"), id.bytes()].concat()
    }

    fn ended(&self, id: &TransactionId) -> Key {
        [self.of(b"ended/"), id.bytes()].concat()
    }

    fn of(&self, kind: &[u8]) -> Key {
        [&self.prefix, kind].concat()
    }
}
