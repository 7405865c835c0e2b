use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cascadia_runtime::Wall;

use super::config::{Beyond, InboxConfig};
use super::rows::Rows;
use crate::config::ConfigError;
use crate::messaging::{Delivery, Group, MessageId};
use crate::store::{Commit, Store, StoreError, Transaction};

/// Knows which messages were done, in the same place as what they did.
#[derive(Debug)]
pub struct Inbox {
    config: InboxConfig,
    rows: Rows,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts([AtomicU64; 5]);

/// What an inbox has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InboxCounts {
    /// Messages that were not known, and are to be done.
    pub first: u64,
    /// Messages that were known: they were done.
    pub seen: u64,
    /// Messages that were not known and too old for that to say anything.
    pub beyond: u64,
    /// Messages without an id, which cannot be known again.
    pub nameless: u64,
    /// Messages that were forgotten as their window was over.
    pub forgotten: u64,
}

/// What an inbox knows of a message.
#[derive(Debug)]
pub enum Known {
    /// It was not done. What it does belongs into this transaction, which remembers that when it commits; one
    /// that conflicts has come second, or conflicts with somebody else.
    First(Transaction),
    /// It was done.
    Seen,
    /// It was published so long ago that it may have been done and forgotten. By
    /// [`Beyond::Refuse`] it is not to be done.
    Beyond,
    /// It has no id, so nobody can know.
    Nameless,
}

impl Inbox {
    /// The inbox with its rows under the prefix of its configuration.
    ///
    /// # Errors
    ///
    /// [`check`](InboxConfig::check).
    pub fn new(config: InboxConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let rows = Rows(config.prefix.clone());
        Ok(Self { config, rows, counts: Counts::default() })
    }

    /// Begins to do a message for its group, if that was not done. `now` is by the wall clock.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn begin(
        &self,
        store: &Arc<dyn Store>,
        now: Wall,
        delivery: &Delivery,
    ) -> Result<Known, StoreError> {
        let Some(id) = &delivery.message.id else {
            self.counts.add(3, 1);
            return Ok(Known::Nameless);
        };
        let mut transaction = Transaction::begin(store);
        let (group, age) = (&delivery.id.source.group, now.since(delivery.published));
        if self.is_known(&mut transaction, group, id).await? {
            self.counts.add(1, 1);
            return Ok(Known::Seen);
        }
        if age.saturating_add(self.config.skew) >= self.config.window {
            self.counts.add(2, 1);
            if self.config.beyond == Beyond::Refuse {
                return Ok(Known::Beyond);
            }
        } else {
            self.counts.add(0, 1);
        }
        self.remember(&mut transaction, group, id, now);
        Ok(Known::First(transaction))
    }

    async fn is_known(
        &self,
        transaction: &mut Transaction,
        group: &Group,
        id: &MessageId,
    ) -> Result<bool, StoreError> {
        Ok(transaction.get(self.rows.of(group, id)).await?.is_some())
    }

    fn remember(&self, transaction: &mut Transaction, group: &Group, id: &MessageId, now: Wall) {
        let key = self.rows.of(group, id);
        transaction.put(self.rows.by_age(now, &key), key.clone());
        transaction.put(key, now.as_nanos().to_be_bytes());
    }

    /// Forgets what was done longer ago than the window, at most so many at a time. How many were forgotten: where it is as many
    /// as that, there may be more.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn forget(
        &self,
        store: &Arc<dyn Store>,
        now: Wall,
        most: usize,
    ) -> Result<usize, StoreError> {
        let old = self.rows.before(now - self.config.window - self.config.skew);
        let page = store.range(old, most).await?;
        let mut commit = Commit::new();
        for row in &page.rows {
            commit = commit.delete(row.key.clone()).delete(row.value.clone());
        }
        store.commit(commit).await?;
        self.counts.add(4, page.rows.len() as u64);
        Ok(page.rows.len())
    }

    /// What it has seen so far.
    pub fn counts(&self) -> InboxCounts {
        let [first, seen, beyond, nameless, forgotten] =
            std::array::from_fn(|at| self.counts.0[at].load(Ordering::Relaxed));
        InboxCounts { first, seen, beyond, nameless, forgotten }
    }
}

impl Counts {
    fn add(&self, at: usize, many: u64) {
        self.0[at].fetch_add(many, Ordering::Relaxed);
    }
}
