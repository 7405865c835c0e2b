//! Where the requests of a load may come to.

use std::collections::BTreeSet;
use std::time::Duration;

use cascadia_models::laws::Law;
use cascadia_models::plan::{
    Asked, EndpointId, Inside, LoadPlan, Plan, PublishPlan, ServiceId, StackId, Step, Times, Visit,
};

/// The services and groups that requests of a load may come to: those that are reached by messages alone, and then those
/// that are called, who calls before who is called. What is published may come to whoever consumes of its broker.
pub(super) fn reached(plan: &Plan, load: &LoadPlan) -> Vec<ServiceId> {
    let mut reach = Reach { plan, known: Vec::new(), places: BTreeSet::new(), is_sent: false };
    reach.call(load.service, load.endpoint, load.policy);
    let mut next = 0;
    while let Some(&Reached { service, endpoint, is_sent }) = reach.known.get(next) {
        next += 1;
        reach.is_sent = is_sent;
        reach.besides(plan.services.get(service.0 as usize).and_then(|called| called.inbound));
        if let Some(endpoint) = plan.endpoints(service).get(endpoint.0 as usize) {
            reach.steps(&endpoint.script);
        }
    }
    let (sent, called): (Vec<Reached>, Vec<Reached>) =
        reach.known.into_iter().partition(|reached| reached.is_sent);
    let is_called: BTreeSet<ServiceId> = called.iter().map(|reached| reached.service).collect();
    let sent = sent.iter().filter(|reached| !is_called.contains(&reached.service));
    let mut told = BTreeSet::new();
    let services = sent.chain(&called).map(|reached| reached.service);
    services.filter(|service| told.insert(*service)).collect()
}

/// Something that requests come to.
#[derive(Clone, Copy)]
struct Reached {
    service: ServiceId,
    endpoint: EndpointId,
    /// A message is between them and it.
    is_sent: bool,
}

struct Reach<'a> {
    plan: &'a Plan,
    /// In the order in which it was found.
    known: Vec<Reached>,
    places: BTreeSet<(ServiceId, EndpointId)>,
    /// What is looked into is reached by a message.
    is_sent: bool,
}

impl Reach<'_> {
    fn add(&mut self, service: ServiceId, endpoint: EndpointId, is_sent: bool) {
        if self.places.insert((service, endpoint)) {
            self.known.push(Reached { service, endpoint, is_sent });
        }
    }

    /// Whom the layers of a stack turn to.
    fn besides(&mut self, stack: Option<StackId>) {
        let plan = self.plan;
        plan.asked(stack).for_each(|(service, endpoint)| self.call(service, endpoint, None));
        for (service, endpoint, policy) in plan.fallbacks(stack) {
            self.call(service, endpoint, policy);
        }
    }

    /// To a broker, and to whoever consumes of it.
    fn send(&mut self, broker: &str) {
        let plan = self.plan;
        for group in plan.groups() {
            if plan.name(group) == broker && plan.component(group).is_some() {
                self.add(group, EndpointId(0), true);
            }
            let consumes = plan.services.get(group.0 as usize).into_iter();
            let consumes = consumes.flat_map(|service| &service.consumes);
            for consume in consumes.filter(|consume| *consume.broker == *broker) {
                self.add(group, consume.endpoint, true);
            }
            let members = plan.services.get(group.0 as usize).into_iter();
            let members = members.flat_map(|service| &service.members);
            for member in members.filter(|member| *member.broker == *broker) {
                member.endpoints().for_each(|endpoint| self.add(group, endpoint, true));
            }
        }
    }
}

impl Visit for Reach<'_> {
    fn work(&mut self, _: &Law) {}

    fn call(&mut self, service: ServiceId, endpoint: EndpointId, policy: Option<StackId>) {
        self.add(service, endpoint, self.is_sent);
        self.besides(policy);
    }

    fn publish(&mut self, plan: &PublishPlan) {
        self.send(&plan.broker);
    }

    fn request(&mut self, plan: &PublishPlan, _: Duration) {
        self.send(&plan.broker);
    }

    /// What a transaction publishes leaves by message, too.
    fn access(&mut self, _: ServiceId, asked: &Asked) {
        for inside in asked.inside.iter().flat_map(|inside| inside.iter()) {
            if let Inside::Publish(plan) = inside {
                self.send(&plan.broker);
            }
        }
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
