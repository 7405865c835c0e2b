//! For how much of a run something is wrong, and with whom.

use std::collections::{BTreeMap, BTreeSet};

use cascadia_models::broker::TopicPlan;
use cascadia_models::plan::{Effect, FaultPlan, Pick, Plan, ServiceId, Target};

use cascadia_patterns::messaging::group::GroupConfig;
use cascadia_patterns::messaging::{Overflow, Sharing};
use cascadia_runtime::Time;

use super::walk::{Deeds, TopicName, topics};
use crate::analysis::Graph;
use crate::analysis::requests::timeout;
use crate::faults::Fault;
use crate::read::File;
use crate::text::Node;

/// When calls of somebody are expected to fail.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Trouble {
    /// The share of the run.
    pub(super) share: f64,
    /// The share of calls that fails meanwhile.
    pub(super) failing: f64,
    /// The longest stretch, in nanoseconds.
    pub(super) longest: f64,
    /// How long a call that is made meanwhile gets no answer, on average.
    pub(super) hangs: f64,
    /// Calls are refused before anything is done.
    pub(super) refused: bool,
    /// How many times as long work takes for a while.
    pub(super) factor: f64,
    /// For how long it does.
    pub(super) slowed: f64,
}

impl Trouble {
    /// The greater of both, which are mostly of the same cause.
    pub(super) fn or(self, other: Self) -> Self {
        let weight = |trouble: Self| trouble.share * trouble.failing;
        if weight(other) > weight(self) { other } else { self }
    }

    /// Both: first one, then the other.
    pub(super) fn and(self, other: Self) -> Self {
        let share = self.share + other.share;
        if share <= 0.0 {
            return self;
        }
        let failing = (self.share * self.failing + other.share * other.failing) / share;
        Self {
            share: share.min(1.0),
            failing,
            longest: self.longest.max(other.longest),
            hangs: self.hangs.max(other.hangs),
            refused: self.refused || other.refused,
            factor: self.factor.max(other.factor),
            slowed: self.slowed.max(other.slowed),
        }
    }
}

/// The trouble of every service and every group of components by itself.
#[derive(Clone)]
pub(super) struct Troubles {
    own: Vec<Trouble>,
    /// That of those to whom each vertex publishes and waits.
    published: Vec<Trouble>,
    /// Who replies to messages: what comes to it meanwhile is kept for it.
    replies: Vec<bool>,
}

impl Troubles {
    /// While there are faults.
    pub(super) fn of(plan: &Plan, file: &File<'_>) -> Self {
        let mut own: Vec<Trouble> = plan.groups().map(|id| unassigned(plan, id)).collect();
        for (fault, (node, element)) in plan.faults.iter().zip(&file.faults) {
            let Some(Fault { kind, .. }) = element else { continue };
            let (length, share) = lasts(plan, fault);
            let slowed = if kind.factor() > 1.0 { length } else { 0.0 };
            for (id, hit) in hit(plan, fault, node).into_iter().filter(|(_, hit)| *hit > 0.0) {
                let trouble = Trouble {
                    share,
                    failing: kind.failing() * hit,
                    longest: length,
                    hangs: kind.hanging() * hit * length,
                    refused: node.get("refuse").is_some(),
                    factor: kind.factor(),
                    slowed,
                };
                if trouble.failing > 0.0 {
                    let own = &mut own[id.0 as usize];
                    *own = own.and(trouble);
                }
            }
        }
        let repliers: BTreeSet<ServiceId> = repliers(plan).into_values().flatten().collect();
        let replies = plan.groups().map(|id| repliers.contains(&id)).collect();
        Self { own, published: Vec::new(), replies }
    }

    /// The same where whoever publishes depends on brokers: on all of their places, on there being room in
    /// topics that refuse what is too much, and on who replies.
    pub(super) fn with_brokers(mut self, plan: &Plan, file: &File<'_>, deeds: &[Deeds]) -> Self {
        let always = Self::from(plan, 0.0).own[0];
        let full = refusing(file);
        let named: BTreeMap<&str, ServiceId> =
            plan.groups().map(|id| (plan.name(id), id)).collect();
        let of_topic = |(broker, topic): &TopicName| {
            let group = named.get(&**broker);
            let own = group.map_or_else(Trouble::default, |id| self.own[id.0 as usize]);
            match full.contains(&(&**broker, topic.as_str())) {
                true => always,
                false => Trouble { failing: libm::ceil(own.failing), ..own },
            }
        };
        let repliers = repliers(plan);
        let of_replier = |topic: &TopicName| {
            let own = repliers.get(topic).into_iter().flatten().map(|id| self.own[id.0 as usize]);
            own.fold(Trouble::default(), Trouble::or)
        };
        let of_vertex = |deeds: &Deeds| {
            let asked = deeds.asked.iter().map(|(topic, ..)| of_replier(topic));
            deeds.awaited.iter().map(of_topic).chain(asked).fold(Trouble::default(), Trouble::or)
        };
        self.published = deeds.iter().map(of_vertex).collect();
        self
    }

    /// That of each service and each group of components by itself.
    pub(super) fn own(&self) -> Vec<Trouble> {
        self.own.clone()
    }

    /// From so early on everybody's calls fail.
    pub(super) fn from(plan: &Plan, start: f64) -> Self {
        let end = plan.duration.as_nanos() as f64;
        let longest = (end - start).max(0.0);
        let share = longest / end.max(1.0);
        let trouble = Trouble { share, failing: 1.0, longest, ..Trouble::default() };
        let count = plan.groups().len();
        Self { own: vec![trouble; count], published: Vec::new(), replies: vec![false; count] }
    }

    /// The same, if it lasted for the whole run.
    pub(super) fn lasting(&self, plan: &Plan) -> Self {
        let longest = plan.duration.as_nanos() as f64;
        // What is worked on longer leaves a queue behind, and so does what comes to those who are left,
        // and what is kept for who replies.
        let last =
            |own: &Trouble, is_kept: bool| match is_kept || own.factor > 1.0 || own.failing < 1.0 {
                true if own.share > 0.0 => Trouble { share: 1.0, longest, ..*own },
                _ => *own,
            };
        let own = self.own.iter().zip(&self.replies).map(|(own, kept)| last(own, *kept)).collect();
        let is_kept = self.replies.contains(&true);
        let published = self.published.iter().map(|other| last(other, is_kept)).collect();
        Self { own, published, replies: self.replies.clone() }
    }

    /// The same, but for those who have as much trouble as `other` says.
    pub(super) fn but(mut self, whom: &[bool], other: &Self) -> Self {
        for (at, own) in self.own.iter_mut().enumerate().filter(|(at, _)| whom[*at]) {
            let Trouble { hangs, factor, slowed, .. } = *own;
            *own = Trouble { hangs, factor, slowed, ..other.own[at] };
        }
        self
    }

    /// The trouble of each vertex: its own, and that of whom it calls.
    pub(super) fn of_vertices(&self, plan: &Plan, graph: &Graph) -> Vec<Trouble> {
        let mut all = vec![Trouble::default(); graph.vertices.len()];
        for vertex in &graph.order {
            let own = self.own[graph.vertices[*vertex].0.0 as usize];
            let own = self.published.get(*vertex).map_or(own, |other| own.or(*other));
            let calls = graph.calls[*vertex].iter().filter(|call| !call.beside);
            all[*vertex] = calls.fold(own, |sum, call| {
                let below = all[call.to];
                let share = call.share.min(1.0);
                let hangs = share * below.hangs.min(timeout(plan, call.policy));
                let below = Trouble { hangs, ..below };
                let sum = Trouble { hangs: sum.hangs.max(hangs), ..sum };
                let failing = below.failing * share;
                // What is the trouble of several is there once.
                if sum.share >= below.share && sum.failing >= failing {
                    return sum;
                }
                sum.and(Trouble { failing, ..below })
            });
        }
        all
    }
}

/// The first messages to a group that shares partitions wait until these are assigned.
fn unassigned(plan: &Plan, id: ServiceId) -> Trouble {
    let Some(service) = plan.services.get(id.0 as usize) else { return Trouble::default() };
    let mut consumes = service.consumes.iter();
    if !consumes.any(|it| matches!(it.config.subscription.sharing, Sharing::Partitions(_))) {
        return Trouble::default();
    }
    let longest = GroupConfig::default().initial_delay.as_nanos() as f64;
    let (from, until) = sent_within(plan);
    let share = (longest / within(from, until).max(1.0)).min(1.0);
    Trouble { share, failing: 1.0, longest, ..Trouble::default() }
}

/// Who replies to what is published to each topic.
fn repliers(plan: &Plan) -> BTreeMap<TopicName, Vec<ServiceId>> {
    let mut repliers: BTreeMap<TopicName, Vec<ServiceId>> = BTreeMap::new();
    for (id, service) in plan.groups().zip(&plan.services) {
        for consume in service.consumes.iter().filter(|consume| consume.replies) {
            for topic in topics(consume) {
                repliers.entry(topic).or_default().push(id);
            }
        }
    }
    repliers
}

/// The topics that refuse what is too much.
fn refusing<'a>(file: &'a File<'_>) -> BTreeSet<(&'a str, &'a str)> {
    let brokers = file.components.iter();
    let topics = brokers.filter_map(|it| Some((it.name, &it.broker.as_ref()?.topics)));
    let topics = topics.flat_map(|(broker, topics)| topics.iter().map(move |it| (broker, &it.2)));
    let refuses = |topic: &TopicPlan| {
        topic.settings.bound.is_some() && topic.settings.overflow == Overflow::Reject
    };
    let refusing = topics.filter(|(_, topic)| refuses(topic));
    refusing.map(|(broker, topic)| (broker, topic.name.as_str())).collect()
}

/// How long a fault lasts, and what share that is of the time in which anything is sent.
fn lasts(plan: &Plan, fault: &FaultPlan) -> (f64, f64) {
    let (from, until) = sent_within(plan);
    let length = within(fault.start, fault.end.min(plan.duration));
    let harmful = within(fault.start.max(from), fault.end.min(until));
    (length, harmful / within(from, until).max(1.0))
}

/// From when until when anything is sent.
fn sent_within(plan: &Plan) -> (Time, Time) {
    let from = plan.loads.iter().map(|load| load.from).min().unwrap_or(Time::ZERO);
    let until = plan.loads.iter().map(|load| load.until.min(plan.duration)).max();
    (from, until.unwrap_or(plan.duration))
}

fn within(start: Time, end: Time) -> f64 {
    end.as_nanos().saturating_sub(start.as_nanos()) as f64
}

/// When the first fault begins that makes anything fail, or messages wait for the first time.
pub(super) fn first(plan: &Plan, file: &File<'_>) -> Option<f64> {
    if plan.groups().any(|id| unassigned(plan, id).share > 0.0) {
        return Some(0.0);
    }
    let harms = plan.faults.iter().zip(&file.faults).filter(|(_, (_, element))| {
        element.as_ref().is_some_and(|element| element.kind.failing() > 0.0)
    });
    harms.map(|(fault, _)| fault.start.as_nanos()).min().map(|start| start as f64)
}

/// The trouble of messages between two groups, of which there is none in what befalls these by themselves.
pub(super) fn between(plan: &Plan, file: &File<'_>, both: [&str; 2]) -> Trouble {
    let mut trouble = Trouble::default();
    for (fault, (node, element)) in plan.faults.iter().zip(&file.faults) {
        let (Effect::Messages(_), Some(Fault { kind, .. })) = (&fault.effect, element) else {
            continue;
        };
        let sides = sides(node);
        if sides.iter().all(|side| both.contains(side) || side.contains('=')) {
            let (longest, share) = lasts(plan, fault);
            let (failing, hangs) = (kind.failing(), kind.hanging() * longest);
            trouble = trouble.and(Trouble { share, failing, longest, hangs, ..trouble });
        }
    }
    trouble
}

/// The groups that a fault hits, and what share of each.
fn hit(plan: &Plan, fault: &FaultPlan, node: &Node) -> BTreeMap<ServiceId, f64> {
    match &fault.effect {
        Effect::Replicas(target, _) => {
            let (mut hit, picked) = (BTreeMap::new(), picked(target));
            for who in &target.candidates {
                let all = f64::from(plan.replicas(who.service).max(1));
                for id in std::iter::once(who.service).chain(plan.guests(who.service)) {
                    *hit.entry(id).or_default() += picked / all;
                }
            }
            hit
        }
        Effect::Messages(_) => {
            let sides = sides(node);
            let all = sides.is_empty() || sides.iter().any(|side| side.contains('='));
            let is_named = |id: ServiceId| sides.contains(plan.name(id));
            let host = |id: ServiceId| plan.component(id).and_then(|group| group.beside);
            let is_hit = |id: &ServiceId| all || is_named(*id) || host(*id).is_some_and(is_named);
            plan.groups().filter(is_hit).map(|id| (id, 1.0)).collect()
        }
        Effect::Members(_) | Effect::Clocks(..) => BTreeMap::new(),
    }
}

/// Those between whom a fault of messages is, as far as they are named: groups, loads or labels.
fn sides(node: &Node) -> BTreeSet<&str> {
    let kinds = node.members().iter().map(|member| &member.node);
    let sides = kinds.flat_map(|kind| ["from", "to"].map(|side| kind.get(side)));
    let names = sides.flatten().filter_map(Node::text);
    names.map(|side| side.split('/').next().unwrap_or(side)).collect()
}

/// The share of the candidates that is hit.
fn picked(target: &Target) -> f64 {
    match target.pick {
        Pick::All => 1.0,
        Pick::One => 1.0 / target.candidates.len().max(1) as f64,
        Pick::Share(share) => share,
    }
}
