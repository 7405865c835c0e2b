use std::fmt;
use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::orchestrator::{OrchestratorConfig, rows_of};
use cascadia_patterns::store::MemoryStore;

use super::id::id_of;
use super::orders::Orders;
use super::plan::SagaPlan;
use super::signals::Signals;
use crate::component::Tries;
use crate::effects::{Keeper, Witness};

/// What orchestrators have in common: the rows of their store, which outlive them, and who knows everything.
pub(super) struct Hub {
    pub(super) rows: MemoryStore,
    pub(super) witness: Arc<Witness>,
    pub(super) signals: Signals,
    pub(super) orders: Orders,
}

/// The rows of orchestrators.
struct Logs {
    rows: MemoryStore,
    config: OrchestratorConfig,
}

impl Hub {
    pub(super) fn new(plan: &SagaPlan) -> Self {
        let witness = Arc::new(Witness::of(&plan.definition));
        // Whoever waits for another one's saga looks again at each commit.
        let (rows, signals) = (MemoryStore::keeping(0), Signals::default());
        let logs = Logs { rows: rows.clone(), config: plan.config.clone() };
        let logs: Arc<dyn Keeper> = Arc::new(logs);
        witness.kept_by(&logs);
        Self { rows, witness, signals, orders: Orders::default() }
    }
}

impl Keeper for Logs {
    fn forget(&self, saga: &SagaId) {
        self.rows.discard(rows_of(&self.config, saga));
    }
}

impl Tries for Hub {
    fn begins(&self, key: u64) {
        self.witness.begins(&id_of(key));
    }

    fn over(&self, key: u64) {
        self.witness.is_over(&id_of(key));
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hub")
    }
}
