use std::time::Duration;

use super::plan::{Step, Way};
use crate::ids::{EndpointId, ServiceId, StackId};
use crate::laws::Law;
use crate::plan::PublishPlan;
use crate::script::choice::Times;
use crate::store::{Access, Asked};

/// Somebody who wants to know what steps are made of.
pub trait Visit: Sized {
    /// There is work of this law.
    fn work(&mut self, law: &Law);

    /// There is a call of this endpoint through this stack.
    fn call(&mut self, service: ServiceId, endpoint: EndpointId, policy: Option<StackId>);

    /// A message is published so.
    fn publish(&mut self, _: &PublishPlan) {}

    /// A request is published so, and its reply waited for so long.
    fn request(&mut self, _: &PublishPlan, _: Duration) {}

    /// A store is asked this, besides being called.
    fn access(&mut self, _: ServiceId, _: &Asked) {}

    /// There are branches, which are done at once.
    fn branches(&mut self, branches: &[Vec<Step>]);

    /// This share of requests ends here.
    fn ends(&mut self, share: f64);

    /// This share of requests fails here, which is an end.
    fn fails(&mut self, share: f64) {
        self.ends(share);
    }

    /// For each share of requests there are these steps. The shares are 1 together.
    fn ways(&mut self, ways: &[(f64, &[Step])]);

    /// There are these steps, so often.
    fn turns(&mut self, times: Times, steps: &[Step]);

    /// There are these steps, one after the other.
    fn steps(&mut self, steps: &[Step]) {
        steps.iter().for_each(|step| step.visit(self));
    }
}

impl Step {
    /// Tells what it is made of.
    fn visit(&self, visitor: &mut impl Visit) {
        match self {
            Self::Compute(law) => visitor.work(law),
            Self::Call { service, endpoint, policy } => visitor.call(*service, *endpoint, *policy),
            Self::Parallel(branches) => visitor.branches(branches),
            Self::Fail { share, .. } => visitor.fails(*share),
            Self::Answer { share, .. } => visitor.ends(*share),
            Self::Choose { ways, .. } => {
                let sum: f64 = ways.iter().map(|way| way.weight).sum();
                let share = |way: &'_ Way| way.weight / sum;
                let ways: Vec<_> = ways.iter().map(|way| (share(way), &way.steps[..])).collect();
                visitor.ways(&ways);
            }
            Self::Repeat { times, steps } => visitor.turns(*times, steps),
            Self::Access { store, endpoint, policy, asked } => {
                visitor.call(*store, *endpoint, *policy);
                visitor.access(*store, asked);
            }
            Self::Publish(plan) => visitor.publish(plan),
            Self::Request { publish, timeout } => visitor.request(publish, *timeout),
            Self::Enter { .. } => {}
            Self::Keep { access: Access { before, after }, .. } => {
                visitor.work(before);
                visitor.work(after);
            }
        }
    }
}
