use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use cascadia_sim_core::Local;

use super::Component;
use crate::ids::Instance;

/// Who lives where. It keeps nobody alive, as everybody knows it.
#[derive(Default)]
pub(crate) struct Directory(Local<BTreeMap<Instance, Weak<dyn Component>>>);

impl Directory {
    /// Somebody lives at a place.
    pub(crate) fn enter(&self, at: Instance, who: &Arc<impl Component + 'static>) {
        let who: Arc<dyn Component> = Arc::clone(who) as _;
        self.0.borrow_mut().insert(at, Arc::downgrade(&who));
    }

    /// Who lives at a place.
    pub(crate) fn find(&self, at: Instance) -> Arc<dyn Component> {
        self.0.borrow_mut()[&at].upgrade().expect("who is called lives as long as the run")
    }
}
