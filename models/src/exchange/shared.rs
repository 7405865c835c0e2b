use std::collections::BTreeSet;
use std::sync::Arc;

use cascadia_patterns::messaging::Delivery;
use cascadia_sim_core::Local;

use crate::effects::{Branch, Errand};
use crate::store::Ask;
use crate::tries::Tries;

/// What all tries of a request have in common. Most requests have nothing of it, and pay a word.
#[derive(Default)]
pub(crate) struct Shared {
    /// What is asked of a store.
    ask: Option<Ask>,
    /// The message that it is done for, without its body.
    delivery: Option<Arc<Delivery>>,
    /// The command of a saga that it is.
    errand: Option<Arc<Errand>>,
    /// What it is of a transaction of several services.
    branch: Option<Arc<Branch>>,
    /// Tells whom it goes to when no try of it is left.
    _tried: Option<Tried>,
    done: Local<Done>,
}

/// The keys of all work that was done for the request: of most it is one.
#[derive(Default)]
struct Done {
    first: Option<u64>,
    others: BTreeSet<u64>,
}

/// A request of which tries may come.
struct Tried {
    tries: Arc<dyn Tries>,
    key: u64,
}

impl Drop for Tried {
    fn drop(&mut self) {
        self.tries.over(self.key);
    }
}

impl Shared {
    pub(super) fn tried(tries: &Arc<dyn Tries>, key: u64) -> Self {
        tries.begins(key);
        Self { _tried: Some(Tried { tries: Arc::clone(tries), key }), ..Self::default() }
    }

    pub(super) fn asking(ask: Ask) -> Self {
        Self { ask: Some(ask), ..Self::default() }
    }

    pub(super) fn consuming(delivery: Arc<Delivery>) -> Self {
        Self { delivery: Some(delivery), ..Self::default() }
    }

    pub(super) fn running(errand: Arc<Errand>) -> Self {
        Self { errand: Some(errand), ..Self::default() }
    }

    pub(super) fn branching(branch: Arc<Branch>) -> Self {
        Self { branch: Some(branch), ..Self::default() }
    }

    pub(super) fn branch(&self) -> Option<&Arc<Branch>> {
        self.branch.as_ref()
    }

    pub(super) fn errand(&self) -> Option<&Arc<Errand>> {
        self.errand.as_ref()
    }

    pub(super) fn delivery(&self) -> Option<&Arc<Delivery>> {
        self.delivery.as_ref()
    }

    pub(super) fn ask(&self) -> Option<&Ask> {
        self.ask.as_ref()
    }

    /// The work with a key is done. Whether other work was done before.
    pub(super) fn done(&self, key: u64) -> bool {
        let Done { first, others } = &mut *self.done.borrow_mut();
        *first.get_or_insert(key) != key && others.insert(key)
    }
}
