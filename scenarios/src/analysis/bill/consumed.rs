//! What comes to those who consume what is published.

use std::collections::{BTreeMap, BTreeSet};

use cascadia_models::plan::{ConsumePlan, Plan};

use cascadia_patterns::messaging::{Overflow, TopicSettings};

use super::traffic::Traffic;
use super::tries::fitting;
use super::trouble::Trouble;
use super::walk::TopicName;
use crate::analysis::Graph;
use crate::analysis::requests::capacity;
use crate::read::File;

impl Traffic {
    /// The deliveries of messages that are published, so many and of so many bytes to each topic.
    pub(super) fn consumed(
        &self,
        plan: &Plan,
        graph: &Graph,
        sent: &BTreeMap<TopicName, (f64, f64)>,
        trouble: &[Trouble],
    ) -> Vec<f64> {
        let mut came = vec![0.0; graph.vertices.len()];
        for (id, service) in plan.groups().zip(&plan.services) {
            for consume in &service.consumes {
                let vertex = graph.vertex(id, consume.endpoint);
                let of_topic = |topic: &_| sent.get(topic).map_or(0.0, |(count, _)| *count);
                let messages: f64 = topics(consume).map(|topic| of_topic(&topic)).sum();
                let messages = messages / sharing(plan, consume);
                let times =
                    self.deliveries(plan, consume, vertex, self.below(graph, vertex, trouble));
                let most = capacity(plan, id) * plan.duration.as_nanos() as f64
                    / self.takes[vertex].max(1.0);
                came[vertex] += (messages * times).min(most.max(messages));
            }
        }
        came
    }

    /// The vertices that publish to a topic that refuses what is too much.
    pub(super) fn refused(&self, file: &File<'_>) -> Vec<bool> {
        let brokers = file.components.iter();
        let topics = brokers.filter_map(|it| Some((it.name, &it.broker.as_ref()?.topics)));
        let topics =
            topics.flat_map(|(broker, topics)| topics.iter().map(move |it| (broker, &it.2)));
        let refuses = |settings: &TopicSettings| {
            settings.bound.is_some() && settings.overflow == Overflow::Reject
        };
        let refusing: BTreeSet<(&str, &str)> = topics
            .filter(|(_, topic)| refuses(&topic.settings))
            .map(|(broker, topic)| (broker, topic.name.as_str()))
            .collect();
        let is_refused = |((broker, topic), ..): &(TopicName, f64, usize)| {
            refusing.contains(&(&**broker, topic.as_str()))
        };
        self.deeds.iter().map(|deeds| deeds.published.iter().any(is_refused)).collect()
    }

    /// The trouble of those whom a vertex calls. Who is in trouble itself gets no messages.
    fn below(&self, graph: &Graph, vertex: usize, trouble: &[Trouble]) -> Trouble {
        let calls = graph.calls[vertex].iter().filter(|call| !call.beside);
        calls.map(|call| trouble[call.to]).fold(Trouble::default(), Trouble::or)
    }

    /// How often a message is delivered on average. What cannot be done fails each time.
    fn deliveries(
        &self,
        plan: &Plan,
        consume: &ConsumePlan,
        vertex: usize,
        trouble: Trouble,
    ) -> f64 {
        let subscription = &consume.config.subscription;
        let turn = self.takes[vertex].max(1.0);
        let most = subscription.attempts.map_or(f64::INFINITY, f64::from);
        let pause = |retry| subscription.backoff.after(retry + 1);
        let again = |time| fitting(pause, turn, time, most) - 1.0;
        let failing = self.failing_at(vertex);
        let wrong = trouble.share * trouble.failing;
        let whole = plan.duration.as_nanos() as f64;
        1.0 + failing * again(whole) + wrong * again(trouble.longest)
    }
}

/// What is consumed.
fn topics(consume: &ConsumePlan) -> impl Iterator<Item = TopicName> {
    let topics = consume.config.subscription.topics.iter();
    topics.map(|topic| (consume.broker.clone(), topic.as_str().to_owned()))
}

/// How many services share what one of them consumes.
fn sharing(plan: &Plan, consume: &ConsumePlan) -> f64 {
    let subscription = &consume.config.subscription;
    let alike = |other: &&ConsumePlan| {
        let theirs = &other.config.subscription;
        theirs.group == subscription.group && theirs.topics == subscription.topics
    };
    let all = plan.services.iter().flat_map(|service| &service.consumes);
    all.filter(alike).count().max(1) as f64
}
