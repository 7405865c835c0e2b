use std::collections::BTreeSet;
use std::sync::Arc;

use cascadia_sim_core::Local;

/// The keys of all work that was done for a request: of most it is one.
pub(crate) type Deeds = Local<(Option<u64>, BTreeSet<u64>)>;

/// Work that may be done for a request which should have it done once.
#[derive(Clone)]
pub(crate) struct Deed {
    pub(super) all: Arc<Deeds>,
    /// What the work is.
    pub(super) key: u64,
}

impl Deed {
    /// It is done, which may be said more than once. Whether other work was done before, so that this
    /// does harm.
    pub(crate) fn done(&self) -> bool {
        let (first, others) = &mut *self.all.borrow_mut();
        *first.get_or_insert(self.key) != self.key && others.insert(self.key)
    }
}
