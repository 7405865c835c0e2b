use std::fmt;
use std::sync::Arc;

use cascadia_patterns::store::MemoryStore;

use super::signals::Signals;
use crate::effects::Witness;

/// What orchestrators have in common: the rows of their store, which outlive them, and who knows everything.
pub(super) struct Hub {
    pub(super) rows: MemoryStore,
    pub(super) witness: Arc<Witness>,
    pub(super) signals: Signals,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hub")
    }
}
