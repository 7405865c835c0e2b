use std::sync::Arc;

use cascadia_runtime::Wall;

use super::asked::Asked;
use super::claim::Claim;
use super::config::IdempotencyConfig;
use super::entry::{Entry, Phase};
use super::rows::Rows;
use crate::config::assert_checked;
use crate::store::{Commit, Condition, Key, Row, Store, StoreError};

/// Knows what was answered to which key.
#[derive(Debug)]
pub struct Keys {
    config: IdempotencyConfig,
    rows: Rows,
}

/// What is known of a request.
#[derive(Debug)]
pub enum Known {
    /// Nothing, or its last attempt has crashed: it is to be done now.
    First(Box<Claim>),
    /// It was done, and answered so.
    Done(Vec<u8>),
    /// Another one of its key is under way, until this moment at most.
    InProgress(Wall),
    /// Another one of its key has asked for something else.
    Other,
}

impl Keys {
    /// Those with their rows under the prefix of the configuration.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(config: IdempotencyConfig) -> Self {
        assert_checked(config.check());
        let rows = Rows(config.prefix.clone());
        Self { config, rows }
    }

    /// Its settings.
    pub fn config(&self) -> &IdempotencyConfig {
        &self.config
    }

    /// Whether a key can be kept: it is not empty, and not too long.
    pub fn is_key(&self, key: &str) -> bool {
        (1..=self.config.longest_key).contains(&key.len())
    }

    /// Begins a request, if nobody has. `now` is by the wall clock.
    ///
    /// # Errors
    ///
    /// As for the store. After [`Unknown`](StoreError::Unknown) it may be under way without anybody who does it, until
    /// its lease is over.
    pub async fn begin(
        &self,
        store: &Arc<dyn Store>,
        now: Wall,
        asked: &Asked,
    ) -> Result<Known, StoreError> {
        let key = self.rows.of(asked);
        loop {
            let row = store.get(key.clone()).await?;
            let known = row.as_ref().map(read).transpose()?;
            if let Some(known) = &known
                && let Some(answer) = self.answer(known, now, asked)
            {
                return Ok(answer);
            }
            let epoch = known.as_ref().map_or(0, |known| known.epoch) + 1;
            match self.claim(store, now, asked, (row.as_ref(), epoch)).await {
                Err(StoreError::Conflict) => {}
                claimed => return claimed.map(|claim| Known::First(Box::new(claim))),
            }
        }
    }

    /// What is known of a request, without beginning it: nothing where it would be the first.
    ///
    /// # Errors
    ///
    /// As for the store.
    pub async fn look(
        &self,
        store: &Arc<dyn Store>,
        now: Wall,
        asked: &Asked,
    ) -> Result<Option<Known>, StoreError> {
        let row = store.get(self.rows.of(asked)).await?;
        let known = row.as_ref().map(read).transpose()?;
        Ok(known.and_then(|known| self.answer(&known, now, asked)))
    }

    /// What there is to say to a request without doing it.
    fn answer(&self, known: &Entry, now: Wall, asked: &Asked) -> Option<Known> {
        let is_over = |at: Wall| now.is_past(at, self.config.skew);
        match &known.phase {
            Phase::Done(_, expires) if is_over(*expires) => None,
            Phase::Open => None,
            _ if known.fingerprint != asked.fingerprint => Some(Known::Other),
            Phase::Done(answer, _) => Some(Known::Done(answer.clone())),
            Phase::InProgress(until) if is_over(*until) => None,
            Phase::InProgress(until) => Some(Known::InProgress(*until)),
        }
    }

    async fn claim(
        &self,
        store: &Arc<dyn Store>,
        now: Wall,
        asked: &Asked,
        (row, epoch): (Option<&Row>, u64),
    ) -> Result<Claim, StoreError> {
        let (key, until) = (self.rows.of(asked), now + self.config.lease);
        let entry =
            Entry { fingerprint: asked.fingerprint, epoch, phase: Phase::InProgress(until) };
        let given = Condition::same(&key, row);
        let (rows, time_to_live) = (self.rows.clone(), self.config.time_to_live);
        let by_age = rows.by_age(until + time_to_live, &key);
        let commit = Commit::new()
            .given(given)
            .put(key.clone(), entry.encode())
            .put(by_age.clone(), key.clone());
        let held = store.commit(commit).await?;
        Ok(Claim { rows, key, by_age, entry, held, time_to_live, until })
    }

    /// Forgets keys whose time is over, at most so many at a time. How many were looked at: where it is as many as that, there
    /// may be more.
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
        let page = store.range(self.rows.before(now - self.config.skew), most).await?;
        for row in &page.rows {
            self.forget_one(store, now, row).await?;
        }
        Ok(page.rows.len())
    }

    /// One that was answered anew since is by another row, and stays.
    async fn forget_one(
        &self,
        store: &Arc<dyn Store>,
        now: Wall,
        by_age: &Row,
    ) -> Result<(), StoreError> {
        let key: Key = by_age.value.clone();
        let row = store.get(key.clone()).await?;
        let mut commit = Commit::new().given(Condition::same(&key, row.as_ref()));
        commit = commit.delete(by_age.key.clone());
        let expires = match row.as_ref().map(read).transpose()?.map(|known| known.phase) {
            Some(Phase::Done(_, expires)) => expires,
            Some(Phase::InProgress(until)) => until + self.config.time_to_live,
            Some(Phase::Open) | None => Wall::EPOCH,
        };
        if now.is_past(expires, self.config.skew) {
            commit = commit.delete(key);
        }
        match store.commit(commit).await {
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The row of a request, for whoever waits for it.
    pub(super) fn row(&self, asked: &Asked) -> Key {
        self.rows.of(asked)
    }
}

fn read(row: &Row) -> Result<Entry, StoreError> {
    Entry::decode(&row.value).map_err(|error| StoreError::Corrupt(error.to_string()))
}
