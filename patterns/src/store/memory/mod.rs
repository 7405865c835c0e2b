mod state;
#[cfg(test)]
mod tests;

use std::pin::pin;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use self::state::State;
use super::commit::{Change, Commit, KEPT_CHANGES, Together};
use super::contract::Store;
use super::error::StoreError;
use super::query::{Query, View};
use super::range::Range;
use super::row::Revision;
use crate::call::BoxFuture;
use crate::sync::lock;

/// A store in memory, shared by its clones. It lives as long as the last of them.
#[derive(Clone, Debug)]
pub struct MemoryStore(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Wakes those who wait for changes, in the order in which they came: a `watch` wakes them in any.
    changed: Notify,
}

impl MemoryStore {
    /// An empty one, which keeps the changes of 100,000 commits.
    pub fn new() -> Self {
        Self::keeping(KEPT_CHANGES)
    }

    /// An empty one, which keeps the changes of so many commits.
    pub fn keeping(changes: u64) -> Self {
        let state = Mutex::new(State::new(changes));
        Self(Arc::new(Shared { state, changed: Notify::new() }))
    }

    /// [Reads](Store::read), at once.
    ///
    /// # Errors
    ///
    /// As for that.
    pub fn look(&self, query: &Query) -> Result<View, StoreError> {
        lock(&self.0.state).read(query)
    }

    /// [Commits](Store::commit), at once.
    ///
    /// # Errors
    ///
    /// As for that.
    pub fn make(&self, commit: Commit) -> Result<Revision, StoreError> {
        let revision = lock(&self.0.state).commit(commit)?;
        self.0.changed.notify_waiters();
        Ok(revision)
    }

    /// Makes [several commits one](Store::commit_all), at once.
    ///
    /// # Errors
    ///
    /// As for that.
    pub fn make_all(&self, commits: Vec<Commit>) -> Together {
        let revision = lock(&self.0.state).commit_all(commits)?;
        self.0.changed.notify_waiters();
        Ok(revision)
    }

    /// Lets go of rows as if they had never been: that is no commit, and nobody is told.
    pub fn discard(&self, rows: impl IntoIterator<Item = Range>) {
        let mut state = lock(&self.0.state);
        rows.into_iter().for_each(|range| state.discard(range));
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Shared {
    async fn changes(&self, after: Revision) -> Result<Vec<Change>, StoreError> {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            let changes = lock(&self.state).changes(after)?;
            if !changes.is_empty() {
                return Ok(changes);
            }
            changed.await;
        }
    }
}

impl Store for MemoryStore {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        let own = self.clone();
        Box::pin(async move { own.look(&query) })
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let own = self.clone();
        Box::pin(async move { own.make(commit) })
    }

    fn commit_all(&self, commits: Vec<Commit>) -> BoxFuture<Together> {
        let own = self.clone();
        Box::pin(async move { own.make_all(commits) })
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
