use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::store::MemoryStore;
use cascadia_patterns::two_phase::{Ask, Branches, Config, TransactionId, rows_of};
use cascadia_sim_core::Local;

use crate::effects::Keeper;

/// What coordinators and services keep of what they did together, until nobody will ask for it again.
pub(super) struct Kept {
    /// The rows of the coordinators.
    rows: MemoryStore,
    config: Config,
    state: Local<State>,
}

#[derive(Default)]
struct State {
    /// The rows of the services that have branches, by their steps.
    branches: BTreeMap<Arc<str>, (Branches, MemoryStore)>,
    /// What each transaction is for.
    names: BTreeMap<TransactionId, SagaId>,
    /// The transactions that were for it.
    transactions: BTreeMap<SagaId, Vec<TransactionId>>,
    /// What commits, or has committed.
    committed: BTreeSet<SagaId>,
}

impl Kept {
    pub(super) fn new(rows: MemoryStore, config: Config) -> Self {
        Self { rows, config, state: Local::default() }
    }

    /// A service keeps its branches there.
    pub(super) fn branches(&self, step: &Arc<str>, branches: &Branches, rows: &MemoryStore) {
        let own = || (branches.clone(), rows.clone());
        self.state.borrow_mut().branches.entry(Arc::clone(step)).or_insert_with(own);
    }

    /// A service is asked for a transaction.
    pub(super) fn asked(&self, ask: &Ask) {
        let State { names, transactions, .. } = &mut *self.state.borrow_mut();
        let name = SagaId::from(Arc::clone(&ask.name));
        if names.insert(ask.transaction.clone(), name.clone()).is_none() {
            transactions.entry(name).or_default().push(ask.transaction.clone());
        }
    }

    /// What a transaction is for that a service was asked for.
    pub(super) fn name(&self, id: &TransactionId) -> Option<SagaId> {
        self.state.borrow_mut().names.get(id).cloned()
    }

    /// Something commits.
    pub(super) fn commits(&self, name: SagaId) {
        self.state.borrow_mut().committed.insert(name);
    }

    /// Whether something commits, or has committed.
    pub(super) fn has_committed(&self, name: &SagaId) -> bool {
        self.state.borrow_mut().committed.contains(name)
    }
}

impl Keeper for Kept {
    fn forget(&self, name: &SagaId) {
        let state = &mut *self.state.borrow_mut();
        state.committed.remove(name);
        self.rows.discard([rows_of(&self.config, name.as_str())]);
        for id in state.transactions.remove(name).unwrap_or_default() {
            state.names.remove(&id);
            for (branches, rows) in state.branches.values() {
                rows.discard([branches.rows_of(&id)]);
            }
        }
    }
}
