//! Brokers: their groups of consumers, and what may be promised of these.

use std::sync::Arc;

use cascadia_models::broker::{Broker, BrokerPlan, Flush, GroupPlan, Promises, TopicPlan};
use cascadia_models::plan::{ComponentPlan, PublishPlan, ServicePlan, Step, Visit};
use cascadia_models::{laws, plan};
use cascadia_patterns::messaging::consumer::AckWhen;
use cascadia_patterns::messaging::{Acks, Keep, Overflow, TopicSettings};
use cascadia_runtime::Time;

use crate::components::ComponentEl;
use crate::read::File;

/// What is resolved before.
pub(super) struct World<'a> {
    pub(super) file: &'a File<'a>,
    pub(super) services: &'a [ServicePlan],
    pub(super) duration: Time,
}

impl World<'_> {
    /// The plan of a broker, if a component is one.
    pub(super) fn broker(&self, element: &ComponentEl<'_>) -> Option<ComponentPlan> {
        let broker = element.broker.as_ref()?;
        let topics = broker.topics.iter().map(|(.., topic)| TopicPlan {
            groups: self.groups(element.name, broker.flush, topic),
            ..topic.clone()
        });
        let (name, topics) = (element.name.to_owned(), topics.collect());
        let plan = BrokerPlan { name: name.clone(), topics, flush: broker.flush };
        let group = ComponentPlan::new(name, element.places, Arc::new(Broker(Arc::new(plan))));
        Some(ComponentPlan { disk: element.disk.clone(), endpoints: Vec::new(), ..group })
    }

    /// Who consumes a topic.
    fn groups(&self, broker: &str, flush: Flush, topic: &TopicPlan) -> Vec<GroupPlan> {
        let published = self.published(broker, topic);
        let mut groups: Vec<GroupPlan> = Vec::new();
        for consume in self.services.iter().flat_map(|service| &service.consumes) {
            let subscription = &consume.config.subscription;
            if *consume.broker != *broker || !subscription.topics.contains(&topic.name) {
                continue;
            }
            let mut promises = promised(consume.config.ack, flush, &topic.settings, &published);
            let keeps = self.keeps(&topic.settings) && !self.has_fault("disk");
            promises.nothing_lost &= keeps;
            // A copy may come after its producer has got another identity.
            promises.nothing_doubled &= !self.has_fault("duplicate");
            let name = subscription.group.as_str();
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => {
                    group.promises.nothing_lost &= promises.nothing_lost;
                    group.promises.nothing_doubled &= promises.nothing_doubled;
                }
                None => groups.push(GroupPlan {
                    name: name.to_owned(),
                    subscription: subscription.clone(),
                    promises,
                }),
            }
        }
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        groups
    }

    /// Whether a topic keeps every message to the end of the run, or until it is done.
    fn keeps(&self, topic: &TopicSettings) -> bool {
        let run = self.duration.since(Time::ZERO);
        let long = topic.retain_for.is_none_or(|long| long > run) && topic.retain_bytes.is_none();
        let all = topic.bound.is_none() || topic.overflow == Overflow::Reject;
        long && all && topic.keep != Keep::LastOfKey
    }

    fn has_fault(&self, kind: &str) -> bool {
        self.file.faults.iter().any(|(node, _)| node.get(kind).is_some())
    }

    /// How messages are published to a topic.
    fn published(&self, broker: &str, topic: &TopicPlan) -> Vec<PublishPlan> {
        let mut found = Published(Vec::new());
        for endpoint in self.services.iter().flat_map(|service| &service.endpoints) {
            found.steps(&endpoint.script);
        }
        found.0.retain(|plan| *plan.broker == *broker && plan.topic == topic.name);
        found.0
    }
}

/// What follows from the settings of those who publish and of one who consumes.
fn promised(
    ack: AckWhen,
    flush: Flush,
    topic: &TopicSettings,
    published: &[PublishPlan],
) -> Promises {
    let confirmed = published.iter().all(|plan| plan.waits && plan.config.acks != Acks::None);
    let numbered = published.iter().all(|plan| plan.config.idempotent);
    let lives = topic.time_to_live.is_none();
    Promises {
        nothing_lost: ack != AckWhen::Before && flush == Flush::Always && confirmed && lives,
        nothing_doubled: ack == AckWhen::Before && numbered && flush == Flush::Always,
        in_order: false,
    }
}

/// Finds the steps that publish.
struct Published(Vec<PublishPlan>);

impl Visit for Published {
    fn work(&mut self, _: &laws::Law) {}

    fn call(&mut self, _: plan::ServiceId, _: plan::EndpointId, _: Option<plan::StackId>) {}

    fn publish(&mut self, plan: &PublishPlan) {
        self.0.push(plan.clone());
    }

    fn branches(&mut self, branches: &[Vec<Step>]) {
        branches.iter().for_each(|steps| self.steps(steps));
    }

    fn ends(&mut self, _: f64) {}

    fn ways(&mut self, ways: &[(f64, &[Step])]) {
        ways.iter().for_each(|(_, steps)| self.steps(steps));
    }

    fn turns(&mut self, _: plan::Times, steps: &[Step]) {
        self.steps(steps);
    }
}
