use std::sync::Arc;

use cascadia_sim_core::Local;

/// The keys of all work that was done for a request.
pub(crate) type Deeds = Local<Vec<u64>>;

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
        let all = &mut *self.all.borrow_mut();
        let is_new = !all.contains(&self.key);
        if is_new {
            all.push(self.key);
        }
        is_new && all.len() > 1
    }
}
