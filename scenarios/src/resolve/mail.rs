//! What services publish, and where replies to their requests go.

use std::collections::BTreeMap;

use cascadia_models::broker::TopicPlan;
use cascadia_models::plan::{ConsumePlan, IdOf, PublishPlan, Sent, ServicePlan};
use cascadia_patterns::messaging::outbox::ReadFrom;
use cascadia_patterns::messaging::{Acks, Sharing, Subscription, Topic};

use super::{MOST_REPLICAS, once};
use crate::decode::Decode as _;
use crate::diagnostics::{Diagnostic, Report};
use crate::read::File;
use crate::text::{Node, Span};

/// What each service publishes.
pub(super) struct Mail(Vec<Sent>);

impl Mail {
    pub(super) fn new(services: &[ServicePlan]) -> Self {
        let sent = |service: &ServicePlan| {
            Sent::by(service.endpoints.iter().map(|endpoint| &endpoint.script[..]))
        };
        Self(services.iter().map(sent).collect())
    }

    /// How messages are published to a topic, requests and those of transactions among them.
    pub(super) fn published(
        &self,
        services: &[ServicePlan],
        broker: &str,
        topic: &Topic,
    ) -> Vec<PublishPlan> {
        let all = self.0.iter().flat_map(|sent| sent.published.iter().chain(&sent.requested));
        let relayed = self.0.iter().flat_map(|sent| &sent.relayed).map(|(store, plan)| {
            let store = services[store.0 as usize].store.as_ref();
            let is_sure = store.is_none_or(|store| store.outbox.reads == ReadFrom::Start);
            // Who overlooks some of it is as one who does not wait to hear that it is there.
            PublishPlan { waits: is_sure, ..plan.clone() }
        });
        let all = all.cloned().chain(relayed);
        all.filter(|plan| is_to(plan, broker, topic)).collect()
    }

    /// How many replicas publish to a topic.
    pub(super) fn publishers(&self, services: &[ServicePlan], broker: &str, topic: &Topic) -> u32 {
        let publishes = |sent: &Sent| {
            let mut all = sent.published.iter().chain(&sent.requested);
            all.any(|plan| is_to(plan, broker, topic))
        };
        let all = services.iter().zip(&self.0).filter(|(_, sent)| publishes(sent));
        all.map(|(service, _)| service.replicas).fold(0, u32::saturating_add)
    }

    pub(super) fn is_requested(&self, broker: &str, topic: &Topic) -> bool {
        self.0.iter().flat_map(|sent| &sent.requested).any(|plan| is_to(plan, broker, topic))
    }

    /// The inboxes of all who make requests at a broker.
    pub(super) fn inboxes(
        &self,
        file: &File<'_>,
        services: &[ServicePlan],
        broker: &str,
    ) -> Vec<TopicPlan> {
        let mut inboxes = Vec::new();
        for (service, sent) in services.iter().zip(&self.0) {
            let plans = sent.requested.iter().enumerate();
            for (place, _) in plans.filter(|(_, plan)| *plan.broker == *broker) {
                let replicas = 0..numbers(file, service);
                let inbox = |replica| TopicPlan::inbox(&service.name, replica, place);
                inboxes.extend(replicas.map(inbox));
            }
        }
        inboxes
    }

    /// Warns where nobody waits for the replicas that must be in sync.
    fn in_sync(
        &self,
        services: &[ServicePlan],
        (broker, topic): (&str, &TopicPlan),
        span: Span,
        report: &mut Report,
    ) {
        let published = self.published(services, broker, &topic.name);
        let waits = published.iter().any(|plan| plan.config.acks == Acks::All);
        if topic.min_insync > 1 && !waits && !published.is_empty() {
            let message = format!("nobody waits for the replicas of `{broker}.{}`", topic.name);
            let help = "write \"acks\": \"all\" where it is published, or leave out \"min_insync\"";
            report.push(Diagnostic::warning("S048", message).at(span, "this topic").help(help));
        }
    }

    /// Reports requests that nobody replies to, messages of which a reply is not wanted, and those that are to be known
    /// again and cannot be.
    pub(super) fn check(&self, file: &File<'_>, services: &[ServicePlan], report: &mut Report) {
        // Who is not there may be one of whom something else is written wrongly.
        let is_doubtful = report.has_errors();
        let brokers = file.components.iter().filter_map(|el| Some((el.name, el.broker.as_ref()?)));
        for (broker, topics) in brokers.map(|(name, broker)| (name, &broker.topics)) {
            for (name, span, topic) in topics {
                let consumes = services.iter().flat_map(|service| &service.consumes);
                let is_of = |plan: &&ConsumePlan| {
                    let topics = &plan.config.subscription.topics;
                    *plan.broker == *broker && topics.contains(&topic.name)
                };
                alike(name, consumes.clone().filter(is_of), *span, report);
                let mut direct =
                    self.0.iter().flat_map(|it| it.published.iter().chain(&it.requested));
                if direct.any(|plan| is_to(plan, broker, &topic.name) && plan.id == IdOf::None) {
                    once::nameless(services, (broker, &topic.name), *span, report);
                }
                let mut own = consumes.clone().filter(is_of);
                if self.is_requested(broker, &topic.name)
                    && own.any(|plan| plan.config.subscription.group.as_str() == "requests")
                {
                    let message = format!("a group of `{broker}.{name}` is called `requests`");
                    let diagnostic = Diagnostic::error("S048", message).at(*span, "this topic");
                    let help = "the figures of the requests to it are called so: name another";
                    report.push(diagnostic.help(help));
                }
                self.in_sync(services, (broker, topic), *span, report);
                let is_replied = consumes.filter(is_of).any(|plan| plan.replies);
                let mut published = self.0.iter().flat_map(|sent| &sent.published);
                let is_published = published.any(|plan| is_to(plan, broker, &topic.name));
                let (message, help) = match (self.is_requested(broker, &topic.name), is_replied) {
                    (true, false) if !is_doubtful => (
                        format!("nobody replies to the requests to `{broker}.{name}`"),
                        "write \"reply\": true where it is consumed",
                    ),
                    (_, true) if is_published => (
                        format!("what is published to `{broker}.{name}` wants no reply"),
                        "make it a `request`, or take another topic for it",
                    ),
                    _ => continue,
                };
                report.push(Diagnostic::error("S048", message).at(*span, "this topic").help(help));
            }
        }
    }
}

/// Reports members of a group who do not share alike.
fn alike<'p>(
    topic: &str,
    consumes: impl Iterator<Item = &'p ConsumePlan>,
    span: Span,
    report: &mut Report,
) {
    let mut groups: BTreeMap<&str, Sharing> = BTreeMap::new();
    for plan in consumes {
        let Subscription { group, sharing, .. } = &plan.config.subscription;
        let first = groups.entry(group.as_str()).or_insert(*sharing);
        if first != sharing {
            let message = format!("the members of group `{group}` of `{topic}` do not share alike");
            let help = "write the same \"share\" for all, or another \"group\"";
            report.push(Diagnostic::error("S048", message).at(span, "this topic").help(help));
        }
    }
}

fn is_to(plan: &PublishPlan, broker: &str, topic: &Topic) -> bool {
    *plan.broker == *broker && plan.topic == *topic
}

/// How many numbers replicas of a service may have in a run. Those who come get new ones, at the begin of
/// a fault and at its end. Where they are too many for a run, it does not matter how many.
fn numbers(file: &File<'_>, service: &ServicePlan) -> u32 {
    let scales = file.faults.iter().filter_map(|(node, _)| node.get("scale"));
    let own =
        scales.filter(|scale| scale.get("target").and_then(Node::text) == Some(&service.name));
    let to = own.filter_map(|scale| u32::decode(scale.get("to")?, &mut Report::default()));
    let (count, most) =
        to.fold((0_u32, service.replicas), |(count, most), to| (count + 1, most.max(to)));
    let all = service.replicas.saturating_add(count.saturating_mul(most).saturating_mul(2));
    all.min(MOST_REPLICAS)
}
