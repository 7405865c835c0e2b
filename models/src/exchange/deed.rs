use std::sync::Arc;

use super::shared::Shared;

/// Work that may be done for a request which should have it done once.
#[derive(Clone)]
pub(crate) struct Deed {
    pub(super) of: Arc<Shared>,
    /// What the work is.
    pub(super) key: u64,
}

impl Deed {
    /// It is done, which may be said more than once. Whether other work was done before, so that this
    /// does harm.
    pub(crate) fn done(&self) -> bool {
        self.of.done(self.key)
    }
}
