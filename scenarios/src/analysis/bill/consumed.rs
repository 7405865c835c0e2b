//! What comes to those who consume what is published.

use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_models::plan::{ConsumePlan, Plan};

use cascadia_patterns::messaging::{Group, Subscription, Topic};

use super::traffic::Traffic;
use super::tries::fitting;
use super::trouble::Trouble;
use super::walk::{TopicName, topics};
use crate::analysis::Graph;
use crate::analysis::requests::capacity;

impl Traffic {
    /// The deliveries of messages that are published, so many and of so many bytes to each topic.
    pub(super) fn consumed(
        &self,
        plan: &Plan,
        graph: &Graph,
        sent: &BTreeMap<TopicName, (f64, f64)>,
        trouble: &[Trouble],
    ) -> Vec<f64> {
        let sharing = sharing(plan);
        let mut came = vec![0.0; graph.vertices.len()];
        for (id, service) in plan.groups().zip(&plan.services) {
            for consume in &service.consumes {
                let vertex = graph.vertex(id, consume.endpoint);
                let of_topic = |topic: &_| sent.get(topic).map_or(0.0, |(count, _)| *count);
                let messages: f64 = topics(consume).map(|topic| of_topic(&topic)).sum();
                let Subscription { group, topics, .. } = &consume.config.subscription;
                let messages = messages / sharing[&(group, &topics[..])];
                let below = self.below(graph, vertex, trouble);
                let broker = self.broker(plan, consume);
                let times = self.deliveries(plan, consume, vertex, (below, broker.share));
                let replicas = f64::from(plan.replicas(id));
                let again = unsettled(consume, self.severed[id.0 as usize], messages, replicas);
                let most = capacity(plan, id) * plan.duration.as_nanos() as f64
                    / self.takes[vertex].max(1.0);
                came[vertex] += (messages * times + again).min(most.max(messages));
            }
            for member in &service.members {
                // Of the events of a saga, each step that is done follows one.
                let topic = (Arc::clone(&member.broker), member.score.topic().as_str().to_owned());
                let events = member.score.definition().steps().len() as f64 + 1.0;
                let sagas = sent.get(&topic).map_or(0.0, |(count, _)| *count) / events;
                for (act, _) in member.steps.values() {
                    came[graph.vertex(id, *act)] += sagas;
                }
            }
        }
        came
    }

    /// How long it takes to reply to what is published to each topic, when nothing is wrong.
    pub(super) fn replies(&self, plan: &Plan, graph: &Graph) -> BTreeMap<TopicName, f64> {
        let mut replies = BTreeMap::new();
        for (id, service) in plan.groups().zip(&plan.services) {
            for consume in service.consumes.iter().filter(|consume| consume.replies) {
                let takes = self.takes[graph.vertex(id, consume.endpoint)];
                for topic in topics(consume) {
                    let longest: &mut f64 = replies.entry(topic).or_default();
                    *longest = longest.max(takes);
                }
            }
        }
        replies
    }

    /// The trouble of those whom a vertex calls. Who is in trouble itself gets no messages.
    fn below(&self, graph: &Graph, vertex: usize, trouble: &[Trouble]) -> Trouble {
        let calls = graph.calls[vertex].iter().filter(|call| !call.beside);
        calls.map(|call| trouble[call.to]).fold(Trouble::default(), Trouble::or)
    }

    /// The trouble of whom a service consumes from.
    fn broker(&self, plan: &Plan, consume: &ConsumePlan) -> Trouble {
        let broker = plan.groups().find(|id| plan.name(*id) == &*consume.broker);
        broker.map_or_else(Trouble::default, |id| self.own[id.0 as usize])
    }

    /// How often a message is delivered on average, of which some come late. What cannot be done fails each time.
    fn deliveries(
        &self,
        plan: &Plan,
        consume: &ConsumePlan,
        vertex: usize,
        (trouble, late): (Trouble, f64),
    ) -> f64 {
        let subscription = &consume.config.subscription;
        let turn = self.takes[vertex].max(1.0);
        let most = subscription.attempts.map_or(f64::INFINITY, f64::from);
        let pause = |retry| subscription.backoff.after(retry + 1);
        let again = |time| fitting(pause, turn, time, most) - 1.0;
        let failing = self.failing_at(vertex);
        // What comes late may come when it cannot be done.
        let met = if trouble.share > 0.0 { (trouble.share + late).min(1.0) } else { 0.0 };
        let wrong = met * trouble.failing;
        let whole = plan.duration.as_nanos() as f64;
        1.0 + failing * again(whole) + wrong * again(trouble.longest)
    }
}

/// How often messages come again as their acknowledgements do not arrive: those that consumers have.
fn unsettled(consume: &ConsumePlan, trouble: Trouble, messages: f64, replicas: f64) -> f64 {
    let subscription = &consume.config.subscription;
    if trouble.hangs <= 0.0 {
        return 0.0;
    }
    let most = subscription.attempts.map_or(f64::INFINITY, f64::from);
    let times = fitting(|_| subscription.ack_wait, 0.0, trouble.longest, most) - 1.0;
    let held = replicas * f64::from(subscription.prefetch);
    (messages * trouble.share * trouble.failing).min(held) * times
}

/// How many services there are of each group of each set of topics.
fn sharing(plan: &Plan) -> BTreeMap<(&Group, &[Topic]), f64> {
    let mut sharing = BTreeMap::new();
    for consume in plan.services.iter().flat_map(|service| &service.consumes) {
        let subscription = &consume.config.subscription;
        *sharing.entry((&subscription.group, &subscription.topics[..])).or_default() += 1.0;
    }
    sharing
}
