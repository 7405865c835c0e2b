use std::sync::Arc;

use cascadia_patterns::saga::participant::Ledger;
use cascadia_patterns::store::{MemoryStore, Store};

/// What a service knows of the commands of sagas that it does once. It outlives its replicas, who have it in common.
pub(crate) struct Known {
    pub(super) ledger: Ledger,
    pub(super) store: Arc<dyn Store>,
}

impl Default for Known {
    fn default() -> Self {
        Self { ledger: Ledger::new("known/"), store: Arc::new(MemoryStore::keeping(0)) }
    }
}
