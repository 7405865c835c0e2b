//! Where the requests of a load may come to.

use std::time::Duration;

use cascadia_models::laws::Law;
use cascadia_models::plan::{
    Asked, EndpointId, LoadPlan, Plan, PublishPlan, ServiceId, StackId, Step, Times, Visit,
};

/// The services and groups that requests of a load may come to, who calls before who is called: by its own calls, by
/// those that are made for them, and by what fails over to others. What is published may come to anybody.
pub(super) fn reached(plan: &Plan, load: &LoadPlan) -> Vec<ServiceId> {
    let mut reach = Reach { plan, known: Vec::new(), publishes: false };
    reach.call(load.service, load.endpoint, load.policy);
    let mut next = 0;
    while let Some(&(service, endpoint)) = reach.known.get(next) {
        next += 1;
        match plan.services.get(service.0 as usize) {
            Some(called) => {
                reach.besides(called.inbound);
                reach.steps(&plan.endpoint(service, endpoint).script);
            }
            None => reach.publishes = true,
        }
    }
    let mut services: Vec<ServiceId> = Vec::new();
    let known = reach.known.into_iter().map(|(service, _)| service);
    for service in known.chain(plan.groups().filter(|_| reach.publishes)) {
        if !services.contains(&service) {
            services.push(service);
        }
    }
    services
}

struct Reach<'a> {
    plan: &'a Plan,
    /// What is called, in the order in which that was found.
    known: Vec<(ServiceId, EndpointId)>,
    /// Something leaves by message, or on somebody's own behalf.
    publishes: bool,
}

impl Reach<'_> {
    /// Whom the layers of a stack turn to.
    fn besides(&mut self, stack: Option<StackId>) {
        let plan = self.plan;
        plan.asked(stack).for_each(|(service, endpoint)| self.call(service, endpoint, None));
        for (service, endpoint, policy) in plan.fallbacks(stack) {
            self.call(service, endpoint, policy);
        }
    }
}

impl Visit for Reach<'_> {
    fn work(&mut self, _: &Law) {}

    fn call(&mut self, service: ServiceId, endpoint: EndpointId, policy: Option<StackId>) {
        if !self.known.contains(&(service, endpoint)) {
            self.known.push((service, endpoint));
        }
        self.besides(policy);
    }

    fn publish(&mut self, _: &PublishPlan) {
        self.publishes = true;
    }

    fn request(&mut self, _: &PublishPlan, _: Duration) {
        self.publishes = true;
    }

    /// What a transaction publishes leaves by message, too.
    fn access(&mut self, _: ServiceId, asked: &Asked) {
        self.publishes |= asked.inside.is_some();
    }

    fn branches(&mut self, branches: &[Vec<Step>]) {
        branches.iter().for_each(|branch| self.steps(branch));
    }

    fn ends(&mut self, _: f64) {}

    fn ways(&mut self, ways: &[(f64, &[Step])]) {
        ways.iter().for_each(|(_, steps)| self.steps(steps));
    }

    fn turns(&mut self, _: Times, steps: &[Step]) {
        self.steps(steps);
    }
}
