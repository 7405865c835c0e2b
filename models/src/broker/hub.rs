use std::sync::Arc;

use cascadia_sim_core::Local;

use super::settings::BrokerPlan;
use super::witness::Witness;

/// What the places of a broker and its clients have in common: the plan, and what somebody sees who looks
/// at all of them at once.
pub(crate) struct Hub {
    pub(super) plan: Arc<BrokerPlan>,
    pub(super) witness: Local<Witness>,
}

impl Hub {
    pub(super) fn new(plan: &Arc<BrokerPlan>) -> Self {
        let witness = Local::new(Witness::new(plan));
        Self { plan: Arc::clone(plan), witness }
    }

    /// The place of a group of consumers of a topic.
    pub(super) fn group(&self, topic: usize, name: &str) -> Option<usize> {
        self.plan.topics[topic].groups.iter().position(|group| group.name == name)
    }
}
