//! What brokers and their clients hold.

use std::sync::Arc;

use cascadia_models::broker::TopicPlan;
use cascadia_models::plan::{ServiceId, ServicePlan};

use cascadia_patterns::messaging::Keep;

use super::cost::number;
use super::memory::{Memory, ever};
use super::sizes::{DONE_MESSAGE, EXTENSION, MEMBER, MESSAGE, PARTITION, VIEW};

impl Memory<'_, '_> {
    /// The partitions of brokers, and what those know of them who publish or consume.
    pub(super) fn partitions(&mut self) {
        for element in &self.file.components {
            let Some(broker) = &element.broker else { continue };
            let count = |topic: &TopicPlan| f64::from(topic.settings.partitions);
            for (_, key, topic) in &broker.topics {
                let kept = count(topic) * f64::from(topic.replicas);
                self.cost.add(kept * PARTITION, *key, || format!("{} partitions", number(kept)));
            }
            let all: f64 = broker.topics.iter().map(|(_, _, topic)| count(topic)).sum();
            self.clients(element.name, all);
        }
    }

    /// The clients of a broker of so many partitions.
    fn clients(&mut self, broker: &str, partitions: f64) {
        let plan = self.plan;
        for ((id, service), element) in plan.groups().zip(&plan.services).zip(&self.file.services) {
            let clients = self.roles(broker, id, service) * ever(plan, id) as f64;
            let bytes = clients * (MEMBER + VIEW * partitions);
            self.cost.add(bytes, element.node.span_of("replicas"), || {
                let (clients, partitions) = (number(clients), number(partitions));
                format!("{clients} clients of a broker of {partitions} partitions")
            });
        }
    }

    /// As how many clients of a broker a replica comes: for what it consumes, and for all that it publishes.
    fn roles(&self, broker: &str, id: ServiceId, service: &ServicePlan) -> f64 {
        let consumes = service.consumes.iter().filter(|consume| *consume.broker == *broker);
        let mut deeds = self.of_service(id).map(|at| &self.traffic.deeds[at]);
        let publishes = deeds.any(|deeds| {
            let published = deeds.published.iter().map(|(topic, ..)| topic);
            let mut topics = published.chain(deeds.asked.iter().map(|(topic, ..)| topic));
            topics.any(|(name, _)| **name == *broker)
        });
        let members = service.members.iter().filter(|member| *member.broker == *broker).count();
        consumes.count() as f64 + 2.0 * members as f64 + f64::from(u8::from(publishes))
    }

    /// What asks brokers for more time.
    pub(super) fn extensions(&mut self) {
        let (plan, graph) = (self.plan, self.graph);
        for ((id, service), element) in plan.groups().zip(&plan.services).zip(&self.file.services) {
            for consume in &service.consumes {
                let count = self.traffic.unanswered_extensions(plan, graph, id, consume);
                self.cost.add(count * EXTENSION, element.node.span_of("consume"), || {
                    format!("{} extensions of what `ack_wait` gives at a time", number(count))
                });
            }
        }
    }

    /// What brokers keep.
    pub(super) fn messages(&mut self) {
        let duration = self.plan.duration.as_nanos() as f64;
        for element in &self.file.components {
            let topics = element.broker.iter().flat_map(|broker| &broker.topics);
            for (_, key, topic) in topics {
                let name = (Arc::from(element.name), topic.name.as_str().to_owned());
                let Some((count, size)) = self.traffic.published.get(&name) else { continue };
                let long = topic.settings.retain_for.map_or(duration, |it| it.as_nanos() as f64);
                let kept = (long / duration).min(1.0);
                let each = if topic.settings.keep == Keep::Log { MESSAGE } else { DONE_MESSAGE };
                self.cost.add(count * each * kept + size * kept, *key, || {
                    format!("{} messages", number(*count))
                });
            }
        }
    }
}
