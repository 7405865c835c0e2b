use std::fmt;
use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::participant::Ledger;
use cascadia_patterns::store::{
    Change, Commit, MemoryStore, Query, Revision, Store, StoreError, View,
};
use cascadia_runtime::{Runtime as _, Time};
use cascadia_sim_core::Sim;

use crate::effects::{Keeper, Locks};
use crate::ids::ServiceId;
use crate::own::OwnParticipant;
use crate::spoils::Spoil;

/// What a service knows of the commands of sagas that it does once. It outlives its replicas, who have it in common.
pub(crate) struct Known {
    /// Which service.
    pub(super) of: ServiceId,
    pub(super) ledger: Arc<Ledger>,
    pub(super) store: Arc<dyn Store>,
    /// What sagas have locked there.
    pub(super) locks: Arc<Locks>,
    /// Forgets what it knows of a saga.
    pub(super) keeper: Arc<dyn Keeper>,
    /// Who does them with the steps, if somebody has code of their own for that.
    pub(crate) own: Option<OwnParticipant>,
    sim: Sim,
}

struct Notes {
    ledger: Arc<Ledger>,
    rows: MemoryStore,
}

impl Keeper for Notes {
    fn forget(&self, saga: &SagaId) {
        self.rows.discard([self.ledger.rows_of(saga)]);
    }
}

impl Known {
    /// Nothing yet.
    pub(crate) fn new(
        of: ServiceId,
        sim: Sim,
        (own, spoil): (Option<OwnParticipant>, Option<Spoil>),
    ) -> Self {
        let (ledger, locks) = (Arc::new(Ledger::new("known/")), Arc::<Locks>::default());
        let rows = MemoryStore::keeping(0);
        let notes = Notes { ledger: Arc::clone(&ledger), rows: rows.clone() };
        let (known, held) = (Arc::clone(&ledger), Arc::clone(&locks));
        let store = Arc::new(Watched { rows, ledger: known, locks: held, sim, spoil });
        Self { of, ledger, store, locks, keeper: Arc::new(notes), own, sim }
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
    spoil: Option<Spoil>,
}

impl Store for Watched {
    fn read(&self, query: Query) -> BoxFuture<Result<View, StoreError>> {
        self.rows.read(query)
    }

    fn commit(&self, mut commit: Commit) -> BoxFuture<Result<Revision, StoreError>> {
        Spoil::change(self.spoil.as_ref(), &mut commit);
        let changed = self.ledger.locks_of(&commit);
        let (rows, locks, sim) = (self.rows.clone(), Arc::clone(&self.locks), self.sim);
        Box::pin(async move {
            let made = rows.make(commit)?;
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
