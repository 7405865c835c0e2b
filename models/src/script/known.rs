use std::fmt;
use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::saga::participant::Ledger;
use cascadia_patterns::store::{
    Change, Commit, MemoryStore, Query, Revision, Store, StoreError, View,
};
use cascadia_runtime::{Runtime as _, Time};
use cascadia_sim_core::Sim;

use crate::effects::Locks;

/// What a service knows of the commands of sagas that it does once. It outlives its replicas, who have it in common.
pub(crate) struct Known {
    pub(super) ledger: Arc<Ledger>,
    pub(super) store: Arc<dyn Store>,
    /// What sagas have locked there.
    pub(super) locks: Arc<Locks>,
    sim: Sim,
}

impl Known {
    /// Nothing yet.
    pub(crate) fn new(sim: Sim) -> Self {
        let (ledger, locks) = (Arc::new(Ledger::new("known/")), Arc::<Locks>::default());
        let (rows, own) = (MemoryStore::keeping(0), (Arc::clone(&ledger), Arc::clone(&locks)));
        let store = Arc::new(Watched { rows, ledger: own.0, locks: own.1, sim });
        Self { ledger, store, locks, sim }
    }

    /// What time it is.
    pub(super) fn now(&self) -> Time {
        self.sim.now()
    }
}

/// A store of which is known what is locked in it.
struct Watched {
    rows: MemoryStore,
    ledger: Arc<Ledger>,
    locks: Arc<Locks>,
    sim: Sim,
}

impl Store for Watched {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.rows.read(query)
    }

    fn commit(&self, commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        let changed = self.ledger.locks_of(&commit);
        let (rows, locks, sim) = (self.rows.clone(), Arc::clone(&self.locks), self.sim);
        Box::pin(async move {
            let made = rows.commit(commit).await?;
            let now = sim.now();
            let each = changed.into_iter();
            each.for_each(|(target, holder)| locks.changed(target, holder, now));
            Ok(made)
        })
    }

    fn changes(&self, after: Revision) -> BoxFuture<Result<Vec<Change>, StoreError>> {
        self.rows.changes(after)
    }

    fn forget(&self, through: Revision) -> BoxFuture<Result<(), StoreError>> {
        self.rows.forget(through)
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched")
    }
}
