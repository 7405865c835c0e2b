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
    /// What a request has already, if anything, and that somebody wants to know when no try of it is left.
    pub(super) fn tried(of: Option<&Self>, (tries, key): (&Arc<dyn Tries>, u64)) -> Self {
        tries.begins(key);
        let _tried = Some(Tried { tries: Arc::clone(tries), key });
        let Some(Self { ask, delivery, errand, branch, .. }) = of else {
            return Self { _tried, ..Self::default() };
        };
        let (ask, delivery) = (ask.clone(), delivery.clone());
        let (errand, branch) = (errand.clone(), branch.clone());
        Self { ask, delivery, errand, branch, _tried, done: Local::default() }
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

#[cfg(test)]
mod tests {
    use cascadia_patterns::two_phase::TransactionId;

    use super::*;

    struct Nobody;

    impl Tries for Nobody {
        fn begins(&self, _: u64) {}
        fn over(&self, _: u64) {}
    }

    #[test]
    fn what_is_counted_stays_what_else_it_is() {
        let id = TransactionId { by: "a".into(), number: 7 };
        let branch = Branch::inquiry(&"order".into(), id);
        let nobody: Arc<dyn Tries> = Arc::new(Nobody);
        let shared = Shared::tried(Some(&Shared::branching(Arc::clone(&branch))), (&nobody, 1));
        assert!(shared.branch().is_some_and(|own| Arc::ptr_eq(own, &branch)));
        assert!(Shared::tried(None, (&nobody, 1)).branch().is_none());
    }
}
