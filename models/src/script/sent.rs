use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::inbox::InboxConfig;

use super::choice::Times;
use super::step::{Step, Visit};
use crate::ids::{EndpointId, ServiceId, StackId};
use crate::laws::Law;
use crate::plan::{Asked, Inside, PublishPlan};

/// What the steps of a service publish, each way of doing so once.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Messages that want no reply.
    pub published: Vec<PublishPlan>,
    /// Requests.
    pub requested: Vec<PublishPlan>,
    /// Messages that transactions of a store publish.
    pub relayed: Vec<(ServiceId, PublishPlan)>,
    /// How messages are known again for which nothing is done twice, and by which store.
    pub known: Vec<(ServiceId, Arc<InboxConfig>)>,
}

impl Sent {
    /// By some scripts.
    pub fn by<'a>(scripts: impl Iterator<Item = &'a [Step]>) -> Self {
        let mut sent = Self::default();
        scripts.for_each(|steps| sent.steps(steps));
        sent
    }
}

fn add(to: &mut Vec<PublishPlan>, plan: &PublishPlan) {
    if !to.contains(plan) {
        to.push(plan.clone());
    }
}

impl Visit for Sent {
    fn work(&mut self, _: &Law) {}

    fn call(&mut self, _: ServiceId, _: EndpointId, _: Option<StackId>) {}

    fn publish(&mut self, plan: &PublishPlan) {
        add(&mut self.published, plan);
    }

    fn request(&mut self, plan: &PublishPlan, _: Duration) {
        add(&mut self.requested, plan);
    }

    fn access(&mut self, store: ServiceId, asked: &Asked) {
        self.known.extend(asked.once.iter().map(|inbox| (store, Arc::clone(inbox))));
        for inside in asked.inside.iter().flat_map(|inside| inside.iter()) {
            if let Inside::Publish(plan) = inside {
                self.relayed.push((store, plan.clone()));
            }
        }
    }

    fn branches(&mut self, branches: &[Vec<Step>]) {
        branches.iter().for_each(|steps| self.steps(steps));
    }

    fn ends(&mut self, _: f64) {}

    fn ways(&mut self, ways: &[(f64, &[Step])]) {
        ways.iter().for_each(|(_, steps)| self.steps(steps));
    }

    fn turns(&mut self, _: Times, steps: &[Step]) {
        self.steps(steps);
    }
}
