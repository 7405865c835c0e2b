//! Sagas that go by events: which services take part, and what they hear.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cascadia_models::plan::{
    ComponentPlan, EndpointId, MemberPlan, PublishPlan, Sent, ServicePlan, Step,
};
use cascadia_models::saga::{Events, EventsPlan, StepCalls};
use cascadia_patterns::messaging::consumer::ConsumerConfig;
use cascadia_patterns::messaging::outbox::OutboxConfig;
use cascadia_patterns::messaging::producer::{ProducerConfig, WhenFull};
use cascadia_patterns::messaging::{Start, Subscription, Topic};
use cascadia_patterns::saga::choreography::Score;

use super::once::is_once;
use super::saga::{calls, definition};
use crate::components::ComponentEl;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::read::File;
use crate::sagas::{Saga, SagaEl, Together};
use crate::text::{Node, Span};

/// The size of an event, for who asks what a run costs.
const SIZE: usize = 128;

/// Sagas that go by events.
pub(super) struct Choreography {
    pub(super) name: String,
    pub(super) broker: Arc<str>,
    pub(super) topic: Topic,
    /// How whoever begins one hears of it.
    pub(super) config: ConsumerConfig,
    component: ComponentPlan,
}

impl Choreography {
    /// Who begins them, if they are called so.
    pub(super) fn of(all: &[Self], name: &str) -> Option<ComponentPlan> {
        all.iter().find(|of| of.name == name).map(|of| of.component.clone())
    }

    /// Whether their events are in a topic.
    pub(super) fn is_over(&self, broker: &str, topic: &Topic) -> bool {
        *self.broker == *broker && self.topic == *topic
    }

    /// How their events are published.
    pub(super) fn publish(broker: &Arc<str>, topic: &Topic) -> PublishPlan {
        PublishPlan {
            broker: Arc::clone(broker),
            topic: topic.clone(),
            config: ProducerConfig { idempotent: false, ..ProducerConfig::default() },
            waits: true,
            keyed: true,
            size: SIZE,
            id: cascadia_models::plan::IdOf::Request,
        }
    }
}

/// An event, for whoever looks at who publishes what: it is relayed until it is confirmed, and whoever has begun a saga does
/// not fail with that.
fn relayed(broker: &Arc<str>, topic: &Topic) -> Step {
    let publish = Choreography::publish(broker, topic);
    let config = ProducerConfig { when_full: WhenFull::Error, ..publish.config };
    Step::Publish(PublishPlan { waits: false, config, ..publish })
}

/// All that go by events. The services that have their steps take part in them.
pub(super) fn choreographies(
    file: &File<'_>,
    services: &mut [ServicePlan],
    names: &Names<'_>,
    report: &mut Report,
) -> Vec<Choreography> {
    let mut all: Vec<Choreography> = Vec::new();
    for element in &file.components {
        let Some(SagaEl { node, value: Some(saga) }) = &element.saga else { continue };
        let Some(over) = saga.over.as_deref().filter(|_| saga.commit == Together::Each) else {
            only_by_events(node, report);
            continue;
        };
        orchestrated(node, report);
        let span = node.span_of("over");
        let found = names.topic_at(over, span, report);
        let resolved = Resolving { element, saga, node, names }.resolve(found, services, report);
        let Some(found) = resolved else { continue };
        found.alone(&all, services, span, report);
        all.push(found);
    }
    all
}

/// What only steps have that somebody drives.
pub(super) const ORCHESTRATED: [&str; 5] = ["beside", "signal", "lock", "lock_wait", "lock_pause"];

/// Reports what only somebody can do who drives a saga.
fn orchestrated(node: &Node, report: &mut Report) {
    let mut refuse = |node: &Node, key: &str| {
        if node.get(key).is_some() {
            let message = format!("`{key}` needs an orchestrator, and there is none");
            let diagnostic = Diagnostic::error("S049", message).at(node.key_span(key), "here");
            report.push(diagnostic.help("leave it out, or leave out `over`"));
        }
    };
    ["timeout", "siblings", "on_cancel"].iter().for_each(|key| refuse(node, key));
    for step in node.get("steps").map(Node::items).unwrap_or_default() {
        let attempts = ["policy", "timeout", "attempts", "undo_attempts"];
        attempts.iter().chain(&ORCHESTRATED).for_each(|key| refuse(step, key));
    }
}

/// Reports what is said of events where there are none.
fn only_by_events(node: &Node, report: &mut Report) {
    let keys = ["at_once", "ack_wait", "stuck_after"];
    for key in keys.iter().filter(|key| node.get(key).is_some()) {
        let message = format!("`{key}` is of sagas that go by events");
        let diagnostic = Diagnostic::error("S049", message).at(node.key_span(key), "here");
        report.push(diagnostic.help("leave it out, or say `over` which topic they go"));
    }
}

struct Resolving<'a, 'f> {
    element: &'a ComponentEl<'f>,
    saga: &'a Saga,
    node: &'a Node,
    names: &'a Names<'f>,
}

impl Resolving<'_, '_> {
    fn resolve(
        &self,
        topic: Option<(&str, &str)>,
        services: &mut [ServicePlan],
        report: &mut Report,
    ) -> Option<Choreography> {
        let (broker, topic) = topic.unzip();
        let calls = self.calls(services, report);
        let of = |step: &str| {
            let of = calls.get(step);
            of.map_or(self.element.name, |of| &*services[of.act.service.0 as usize].name)
        };
        let definition = definition(self.element.name, (self.saga, self.node), &of, report);
        let outbox = self.outbox(report);
        let config = self.hears(topic.unwrap_or_default(), self.element.name);
        if let Err(error) = config.check() {
            let message = format!("`{}` {}", key(error.field), error.reason);
            let span = self.node.span_of(key(error.field));
            report.push(Diagnostic::error("S049", message).at(span, error.reason));
        }
        let (definition, broker, topic) = (definition?, broker?, topic?);
        if calls.len() < definition.steps().len() {
            return None;
        }
        // What needs somebody who drives it was refused, or is not there.
        let score = Score::new(Arc::clone(&definition), topic).ok()?;
        let once = calls.values().all(|of| is_once(of, services));
        let (name, broker) = (self.element.name.to_owned(), Arc::<str>::from(broker));
        let part = MemberPlan {
            saga: name.as_str().into(),
            service: "".into(),
            score: score.clone(),
            broker: Arc::clone(&broker),
            config: config.clone(),
            outbox: outbox.clone(),
            steps: BTreeMap::new(),
        };
        self.take_part(&part, &calls, services);
        let script = vec![relayed(&broker, score.topic()); definition.steps().len() + 1];
        let plan = EventsPlan {
            name: name.clone(),
            score: score.clone(),
            broker: Arc::clone(&broker),
            config: config.clone(),
            outbox,
            write: self.saga.write,
            silence: self.saga.stuck_after,
            once,
        };
        let build = Arc::new(Events(Arc::new(plan)));
        let mut component = ComponentPlan::new(name.clone(), self.saga.places.max(1), build);
        component.endpoints[0].script = script;
        Some(Choreography { name, broker, topic: score.topic().clone(), config, component })
    }

    /// Whom the steps call. What undoes a step is where the step is, as is what is known of it.
    fn calls(
        &self,
        services: &[ServicePlan],
        report: &mut Report,
    ) -> BTreeMap<Arc<str>, StepCalls> {
        let nodes = self.node.get("steps").map(Node::items).unwrap_or_default();
        let mut all = BTreeMap::new();
        for (step, node) in self.saga.steps.iter().zip(nodes) {
            let Some(found) = calls(step, node, self.names, report) else { continue };
            if let Some(undo) = found.undo.filter(|undo| undo.service != found.act.service) {
                let name = |id: u32| services.get(id as usize).map_or("", |it| &it.name);
                let (own, other) = (name(found.act.service.0), name(undo.service.0));
                let message = format!(
                    "`{}` is done by `{own}`, and undone by `{other}`, which does not know of it",
                    step.name
                );
                let span = node.span_of("undo");
                let diagnostic = Diagnostic::error("S049", message).at(span, "another service");
                report.push(diagnostic.help("by events, who does a step undoes it"));
            }
            if (found.act.service.0 as usize) < services.len() {
                all.insert(Arc::from(&*step.name), found);
            }
        }
        all
    }

    fn outbox(&self, report: &mut Report) -> OutboxConfig {
        let (lease, skew, query_delay) = (self.saga.lease, self.saga.skew, self.saga.sweep);
        let timeout = (lease / 4).min(Duration::from_secs(5));
        let config =
            OutboxConfig { lease, skew, query_delay, timeout, ..OutboxConfig::new("outbox/") };
        if let Err(error) = config.check() {
            let key = if error.field == "query_delay" { "sweep" } else { "lease" };
            let reason =
                if key == "sweep" { error.reason } else { "must be more than four times the skew" };
            let message = format!("`{key}` {reason}");
            let span = self.node.span_of(key);
            report.push(Diagnostic::error("S049", message).at(span, reason));
        }
        config
    }

    /// How a group hears of events: each until it has done what follows.
    fn hears(&self, topic: &str, group: &str) -> ConsumerConfig {
        let (at_once, ack_wait) = (self.saga.at_once, self.saga.ack_wait);
        let subscription = Subscription {
            start: Start::Earliest,
            attempts: None,
            ack_wait,
            prefetch: at_once,
            ..Subscription::new(topic, group)
        };
        ConsumerConfig { concurrency: at_once, ..ConsumerConfig::new(subscription) }
    }

    /// Has each service that has steps take part.
    fn take_part(
        &self,
        part: &MemberPlan,
        calls: &BTreeMap<Arc<str>, StepCalls>,
        services: &mut [ServicePlan],
    ) {
        type Steps = BTreeMap<usize, (EndpointId, Option<EndpointId>)>;
        let mut parts: BTreeMap<u32, Steps> = BTreeMap::new();
        for (number, step) in part.score.definition().steps().iter().enumerate() {
            let StepCalls { act, undo } = calls[&step.name];
            let undo = undo.map(|undo| undo.endpoint);
            parts.entry(act.service.0).or_default().insert(number, (act.endpoint, undo));
        }
        for (id, steps) in parts {
            let service = &mut services[id as usize];
            let name = service.name.as_str();
            let config = self.hears(part.score.topic().as_str(), name);
            let own = MemberPlan { service: name.into(), config, steps, ..part.clone() };
            service.members.push(own);
        }
    }
}

impl Choreography {
    /// Reports others who use the topic.
    fn alone(&self, all: &[Self], services: &[ServicePlan], span: Span, report: &mut Report) {
        let (broker, topic) = (&self.broker, &self.topic);
        let is_told = all.iter().find(|other| other.is_over(broker, topic));
        let is_heard = services.iter().find(|service| {
            service.consumes.iter().any(|consume| {
                let of = &consume.config.subscription;
                let is_dead = of.dead_letter.as_ref() == Some(topic);
                *consume.broker == **broker && (is_dead || of.topics.contains(topic))
            })
        });
        let is_published = services.iter().find(|service| {
            let scripts = service.endpoints.iter().map(|endpoint| &endpoint.script[..]);
            let Sent { published, requested, relayed, .. } = Sent::by(scripts);
            let relayed = relayed.iter().map(|(_, plan)| plan);
            let mut plans = published.iter().chain(&requested).chain(relayed);
            plans.any(|plan| plan.broker == *broker && plan.topic == *topic)
        });
        let other = is_told.map(|other| other.name.as_str());
        let service = is_heard.or(is_published).map(|service| service.name.as_str());
        if let Some(other) = other.or(service) {
            let message = format!("`{broker}.{topic}` has messages of `{other}`, too");
            let diagnostic = Diagnostic::error("S049", message).at(span, "this topic");
            report.push(diagnostic.help("give the events of a saga a topic of their own"));
        }
    }
}

/// What the setting of a consumer is called here.
fn key(field: &str) -> &str {
    match field {
        "prefetch" | "concurrency" => "at_once",
        other => other,
    }
}
