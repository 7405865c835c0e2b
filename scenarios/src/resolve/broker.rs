//! Brokers: their groups of consumers, and what may be promised of these.

use std::sync::Arc;

use cascadia_models::broker::{Broker, BrokerPlan, Flush, GroupPlan, Promises, TopicPlan};
use cascadia_models::plan::{ComponentPlan, IdOf, PublishPlan, ServicePlan, SessionPlan};
use cascadia_patterns::messaging::consumer::{AckWhen, ConsumerConfig, Order};
use cascadia_patterns::messaging::{Acks, Keep, Overflow, Sharing, TopicSettings};
use cascadia_runtime::Time;

use super::events::Choreography;
use super::mail::Mail;
use crate::brokers::BrokerEl;
use crate::components::ComponentEl;
use crate::read::File;

/// What is resolved before.
pub(super) struct World<'a> {
    pub(super) file: &'a File<'a>,
    pub(super) services: &'a [ServicePlan],
    pub(super) mail: &'a Mail,
    pub(super) events: &'a [Choreography],
    pub(super) duration: Time,
}

impl World<'_> {
    /// The plan of a broker, if a component is one.
    pub(super) fn broker(&self, element: &ComponentEl<'_>) -> Option<ComponentPlan> {
        let broker = element.broker.as_ref()?;
        let topics = broker.topics.iter().map(|(.., topic)| TopicPlan {
            groups: self.groups(element.name, broker, topic),
            is_requested: self.mail.is_requested(element.name, &topic.name),
            ..topic.clone()
        });
        let topics = topics.chain(self.mail.inboxes(self.file, self.services, element.name));
        let (name, topics) = (element.name.to_owned(), topics.collect());
        let plan = BrokerPlan {
            name: name.clone(),
            topics,
            flush: broker.flush,
            replica_lag: broker.replica_lag,
            unclean_election: broker.unclean_election,
            trusts_disks: !self.has_fault("disk"),
        };
        let group = ComponentPlan::new(name, element.places, Arc::new(Broker(Arc::new(plan))));
        Some(ComponentPlan { disk: element.disk.clone(), endpoints: Vec::new(), ..group })
    }

    /// Who consumes a topic.
    fn groups(&self, broker: &str, el: &BrokerEl<'_>, topic: &TopicPlan) -> Vec<GroupPlan> {
        let mut published = self.mail.published(self.services, broker, &topic.name);
        let mut events = self.events.iter().filter(|of| of.is_over(broker, &topic.name));
        published.extend(events.next().map(|of| Choreography::publish(&of.broker, &of.topic)));
        let mut groups: Vec<GroupPlan> = Vec::new();
        for (of_broker, config, session) in self.consumers() {
            let subscription = &config.subscription;
            if *of_broker != *broker || !subscription.topics.contains(&topic.name) {
                continue;
            }
            let mut promises = promised(config.ack, el, topic, &published);
            let keeps = self.keeps(&topic.settings) && !self.has_fault("disk");
            promises.nothing_lost &= keeps;
            // A copy may come after its producer has got another identity.
            promises.nothing_doubled &= !self.has_fault("duplicate");
            // Elsewhere nobody is fenced who is late with a message.
            promises.in_order = matches!(subscription.sharing, Sharing::Partitions(_))
                && config.order == Order::Key
                && config.ack == AckWhen::After
                && self.is_of_one(broker, topic, &published);
            let name = subscription.group.as_str();
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => {
                    group.promises.nothing_lost &= promises.nothing_lost;
                    group.promises.nothing_doubled &= promises.nothing_doubled;
                    group.promises.in_order &= promises.in_order;
                }
                None => groups.push(GroupPlan {
                    name: name.to_owned(),
                    subscription: subscription.clone(),
                    session,
                    promises,
                }),
            }
        }
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        groups
    }

    /// All who consume: services, and whoever has to do with sagas that go by events.
    fn consumers(&self) -> impl Iterator<Item = (&str, &ConsumerConfig, SessionPlan)> {
        let services = self.services.iter();
        let own = services.clone().flat_map(|service| &service.consumes);
        let own = own.map(|plan| (&*plan.broker, &plan.config, plan.session));
        let members = services.flat_map(|service| &service.members);
        let members = members.map(|plan| (&*plan.broker, &plan.config));
        let fronts = self.events.iter().map(|of| (&*of.broker, &of.config));
        let of_events = members.chain(fronts);
        own.chain(of_events.map(|(broker, config)| (broker, config, SessionPlan::default())))
    }

    /// Whether a topic keeps every message to the end of the run, or until it is done.
    fn keeps(&self, topic: &TopicSettings) -> bool {
        let run = self.duration.since(Time::ZERO);
        let long = topic.retain_for.is_none_or(|long| long > run) && topic.retain_bytes.is_none();
        let all = topic.bound.is_none() || topic.overflow == Overflow::Reject;
        long && all && topic.keep != Keep::LastOfKey
    }

    /// Whether one replica publishes everything, and what has one key in its order.
    fn is_of_one(&self, broker: &str, topic: &TopicPlan, published: &[PublishPlan]) -> bool {
        let [plan] = published else { return false };
        let replicas = self.mail.publishers(self.services, broker, &topic.name);
        // What is published again comes behind what was published meanwhile.
        replicas == 1 && plan.keyed && plan.config.idempotent && plan.id != IdOf::Request
    }

    fn has_fault(&self, kind: &str) -> bool {
        self.file.faults.iter().any(|(node, _)| node.get(kind).is_some())
    }
}

/// What follows from the settings of those who publish and of one who consumes.
fn promised(
    ack: AckWhen,
    broker: &BrokerEl<'_>,
    topic: &TopicPlan,
    published: &[PublishPlan],
) -> Promises {
    // Who leads next has what all in-sync replicas have, and perhaps no more.
    let is_replicated = topic.replicas > 1;
    let keeps = broker.flush == Flush::Always && !(is_replicated && broker.unclean_election);
    let is_told = |acks| if is_replicated { acks == Acks::All } else { acks != Acks::None };
    let confirmed = published.iter().all(|plan| plan.waits && is_told(plan.config.acks));
    let numbered = published.iter().all(|plan| plan.config.idempotent);
    // What is published again may go to another partition, where nobody knows it.
    let alone = published.iter().all(|plan| plan.id != IdOf::Request);
    let lives = topic.settings.time_to_live.is_none();
    Promises {
        nothing_lost: ack != AckWhen::Before && keeps && confirmed && lives,
        nothing_doubled: ack == AckWhen::Before && numbered && alone && keeps,
        in_order: false,
    }
}
