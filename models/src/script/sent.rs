use super::choice::Times;
use super::step::{Step, Visit};
use crate::ids::{EndpointId, ServiceId, StackId};
use crate::laws::Law;
use crate::plan::PublishPlan;

/// What the steps of a service publish, each way of doing so once.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Messages that want no reply.
    pub published: Vec<PublishPlan>,
    /// Requests.
    pub requested: Vec<PublishPlan>,
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

    fn request(&mut self, plan: &PublishPlan) {
        add(&mut self.requested, plan);
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
