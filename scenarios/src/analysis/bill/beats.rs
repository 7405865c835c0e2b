//! What happens again and again, though nobody asks for it.

use std::time::Duration;

use cascadia_models::plan::{ConsumePlan, Plan, ServiceId, Source};
use cascadia_patterns::messaging::{AckMode, Sharing};

use super::cost::{Cost, number};
use super::traffic::Traffic;
use crate::analysis::Graph;
use crate::analysis::requests::trip;
use crate::read::File;

/// More time is asked for, and given.
const OF_EXTENSION: f64 = 2.0;
/// More time is asked for when a part of it is over.
const PART: f64 = 3.0;

/// How often something happens in a time that happens after each such pause.
fn often(time: f64, every: Duration) -> f64 {
    time / (every.as_nanos() as f64).max(1.0)
}

impl Traffic {
    /// Whoever orchestrates sagas looks for those that nobody drives, relays look for what is to be published, members of
    /// groups say that they are there, and who has not done a message yet asks for more time.
    pub(super) fn beats(&self, plan: &Plan, graph: &Graph, file: &File<'_>, cost: &mut Cost) {
        let duration = plan.duration.as_nanos() as f64;
        for element in &file.components {
            let Some(saga) = &element.saga else { continue };
            let Some(value) = &saga.value else { continue };
            let looks = f64::from(value.places) * often(duration, value.sweep);
            let span = saga.node.span_of("sweep");
            cost.add(looks, span, || format!("{} looks for sagas", number(looks)));
        }
        for ((id, service), element) in plan.groups().zip(&plan.services).zip(&file.services) {
            let (node, replicas) = (element.node, f64::from(plan.replicas(id)));
            let store = service.store.as_ref().filter(|_| node.get("outbox").is_some());
            let outboxes = service.members.iter().map(|member| &member.outbox);
            for outbox in outboxes.chain(store.map(|store| &store.outbox)) {
                let looks = replicas * often(duration, outbox.query_delay);
                let span = node.span_of("outbox");
                cost.add(looks, span, || format!("{} looks into an outbox", number(looks)));
            }
            for consume in &service.consumes {
                let span = node.span_of("consume");
                let told = members(plan, id, consume) * often(duration, consume.session.heartbeat);
                cost.add(told, span, || format!("{} heartbeats", number(told)));
                let asked = self.extensions(plan, graph, id, consume);
                cost.add(OF_EXTENSION * asked, span, || {
                    format!("{} extensions of what `ack_wait` gives", number(asked))
                });
            }
        }
    }

    /// How often more time is asked for.
    fn extensions(&self, plan: &Plan, graph: &Graph, id: ServiceId, consume: &ConsumePlan) -> f64 {
        let vertex = graph.vertex(id, consume.endpoint);
        let takes = self.takes[vertex] * at_hand(consume);
        self.arrivals[vertex] * extended(plan, consume, takes)
    }

    /// For how many of these there is no answer yet, at most at a time.
    pub(super) fn unanswered_extensions(
        &self,
        plan: &Plan,
        graph: &Graph,
        id: ServiceId,
        consume: &ConsumePlan,
    ) -> f64 {
        let (vertex, duration) =
            (graph.vertex(id, consume.endpoint), plan.duration.as_nanos() as f64);
        let broker = plan.groups().find(|it| plan.name(*it) == &*consume.broker);
        let way = broker.map_or(0.0, |to| trip(plan, Source::Service(id), to, duration));
        let held = f64::from(plan.replicas(id)) * f64::from(consume.config.subscription.prefetch);
        let takes = (self.takes[vertex] * at_hand(consume)).min(way);
        held.min(self.arrivals[vertex]) * extended(plan, consume, takes)
    }
}

/// As many messages as may be at hand for each that is worked on.
fn at_hand(consume: &ConsumePlan) -> f64 {
    let prefetch = f64::from(consume.config.subscription.prefetch);
    (prefetch / consume.config.concurrency as f64).max(1.0)
}

/// How often more time is asked for a message that takes so long.
fn extended(plan: &Plan, consume: &ConsumePlan, takes: f64) -> f64 {
    let subscription = &consume.config.subscription;
    if !consume.config.extend || subscription.ack != AckMode::Explicit {
        return 0.0;
    }
    let takes = takes.min(plan.duration.as_nanos() as f64);
    (PART * often(takes, subscription.ack_wait)).floor()
}

/// Those who must say that they are there.
fn members(plan: &Plan, id: ServiceId, consume: &ConsumePlan) -> f64 {
    match consume.config.subscription.sharing {
        Sharing::Partitions(_) => f64::from(plan.replicas(id)),
        _ => 0.0,
    }
}
