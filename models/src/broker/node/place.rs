use std::sync::Arc;

use cascadia_sim_core::Local;

use super::life::{Alive, Figures};
use crate::broker::kept::Kept;
use crate::broker::settings::BrokerPlan;
use crate::component::{Connection, Life};

/// A place of a broker.
pub(in crate::broker) struct Node {
    pub(super) plan: Arc<BrokerPlan>,
    /// What its disk has, apart from how much of it.
    pub(super) kept: Local<Option<Kept>>,
    pub(super) state: Local<State>,
}

#[derive(Default)]
pub(super) struct State {
    /// The life that goes on.
    pub(super) life: Option<Life>,
    /// It, once it has read its disk.
    pub(super) alive: Option<Alive>,
    /// The connections of a life that has ended.
    pub(super) left: Vec<Connection>,
    /// How often the disk was synced.
    pub(super) syncs: u64,
    /// What was counted in lives that have ended.
    pub(super) figures: Figures,
}

impl Node {
    pub(in crate::broker) fn new(plan: &Arc<BrokerPlan>) -> Self {
        Self { plan: Arc::clone(plan), kept: Local::default(), state: Local::default() }
    }
}

impl Node {
    /// Does something, and what follows from it.
    pub(super) fn with(self: &Arc<Self>, does: impl FnOnce(&mut Alive, &mut Kept)) {
        let writes = {
            let State { alive, .. } = &mut *self.state.borrow_mut();
            let kept = &mut *self.kept.borrow_mut();
            let (Some(alive), Some(kept)) = (alive, kept) else { return };
            does(alive, kept);
            alive.settle(kept)
        };
        if writes.starts {
            self.write();
        }
        if writes.governs {
            self.write_decisions();
        }
        if let Some(at) = writes.due {
            self.wake_at(at);
        }
    }

    pub(super) fn synced(&self) {
        self.state.borrow_mut().syncs += 1;
    }
}
