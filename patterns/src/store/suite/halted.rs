use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::call::BoxFuture;
use crate::store::commit::{Change, Commit};
use crate::store::contract::Store;
use crate::store::error::StoreError;
use crate::store::query::{Query, View};
use crate::store::row::Revision;

/// When a [halted](Halted) store halts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before the commit is made.
    Before,
    /// When it is durable, and nobody has been told.
    After,
}

/// A store that halts at one of its commits, whose place it tells: whoever waits for that can be killed there.
///
/// From then on no commit is answered.
pub struct Halted {
    store: Arc<dyn Store>,
    commits: AtomicU64,
    at: u64,
    moment: Moment,
    tell: Arc<dyn Fn() + Send + Sync>,
}

impl fmt::Debug for Halted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Halted").field("at", &self.at).field("moment", &self.moment).finish()
    }
}

impl Halted {
    /// That store, which halts at its commit of this number, of which the first is zero.
    pub fn new(
        store: Arc<dyn Store>,
        (at, moment): (u64, Moment),
        tell: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self { store, commits: AtomicU64::new(0), at, moment, tell: Arc::new(tell) }
    }
}

impl Store for Halted {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.store.read(query)
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let number = self.commits.fetch_add(1, Ordering::Relaxed);
        if number < self.at {
            return self.store.commit(commit);
        }
        let made =
            (number == self.at && self.moment == Moment::After).then(|| self.store.commit(commit));
        let tell = (number == self.at).then(|| Arc::clone(&self.tell));
        Box::pin(async move {
            if let Some(made) = made {
                let _ = made.await;
            }
            if let Some(tell) = tell {
                tell();
            }
            std::future::pending().await
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.store.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.store.forget(through)
    }
}
