mod state;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use self::state::State;
use super::commit::{Change, Commit, KEPT_CHANGES};
use super::contract::Store;
use super::error::StoreError;
use super::query::{Query, View};
use super::row::Revision;
use crate::call::BoxFuture;
use crate::sync::lock;

/// A store in memory, shared by its clones. It lives as long as the last of them.
#[derive(Clone, Debug)]
pub struct MemoryStore(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// The newest revision, for those who wait for one.
    newest: watch::Sender<Revision>,
}

impl MemoryStore {
    /// An empty one, which keeps the changes of 100,000 commits.
    pub fn new() -> Self {
        Self::keeping(KEPT_CHANGES)
    }

    /// An empty one, which keeps the changes of so many commits.
    pub fn keeping(changes: u64) -> Self {
        let newest = watch::Sender::new(Revision::ZERO);
        Self(Arc::new(Shared { state: Mutex::new(State::new(changes)), newest }))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Shared {
    fn commit(&self, commit: Commit) -> Result<Revision, StoreError> {
        let revision = lock(&self.state).commit(commit)?;
        // Who comes later may have told of a later one already.
        self.newest.send_if_modified(|newest| {
            let is_newer = revision > *newest;
            *newest = revision.max(*newest);
            is_newer
        });
        Ok(revision)
    }

    async fn changes(&self, after: Revision) -> Result<Vec<Change>, StoreError> {
        let mut newest = self.newest.subscribe();
        loop {
            newest.borrow_and_update();
            let changes = lock(&self.state).changes(after)?;
            if !changes.is_empty() {
                return Ok(changes);
            }
            newest.changed().await.map_err(|gone| StoreError::Unavailable(gone.to_string()))?;
        }
    }
}

impl Store for MemoryStore {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { lock(&shared.state).read(&query) })
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.commit(commit) })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.changes(after).await })
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            lock(&shared.state).forget(through);
            Ok(())
        })
    }
}
