//! For how much of a run something is wrong, and with whom.

use cascadia_models::plan::{Effect, FaultPlan, Pick, Plan, ServiceId, Target};

use crate::analysis::Graph;
use crate::analysis::requests::timeout;
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
    fn and(self, other: Self) -> Self {
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
            factor: self.factor.max(other.factor),
            slowed: self.slowed.max(other.slowed),
        }
    }
}

/// The trouble of every service and every group of components by itself.
#[derive(Clone)]
pub(super) struct Troubles {
    own: Vec<Trouble>,
    /// Vertices that publish where they may be refused at any time.
    refused: Vec<bool>,
}

impl Troubles {
    /// While there are faults.
    pub(super) fn of(plan: &Plan, file: &File<'_>, refused: Vec<bool>) -> Self {
        let mut own = vec![Trouble::default(); plan.groups().len()];
        for (fault, (node, element)) in plan.faults.iter().zip(&file.faults) {
            let Some(element) = element else { continue };
            let (length, share) = lasts(plan, fault);
            for (id, own) in plan.groups().zip(&mut own) {
                let hit = if touches(node, plan.name(id)) { hit(plan, fault, id) } else { 0.0 };
                let (failing, hangs) = (element.kind.failing(), element.kind.hanging());
                let (failing, hangs) = (failing * hit, hangs * hit * length);
                if failing > 0.0 {
                    let factor = element.kind.factor();
                    let slowed = if factor > 1.0 { length } else { 0.0 };
                    let longest = length;
                    *own = own.and(Trouble { share, failing, longest, hangs, factor, slowed });
                }
            }
        }
        Self { own, refused }
    }

    /// From so early on everybody's calls fail.
    pub(super) fn from(plan: &Plan, start: f64) -> Self {
        let end = plan.duration.as_nanos() as f64;
        let longest = (end - start).max(0.0);
        let share = longest / end.max(1.0);
        let trouble = Trouble { share, failing: 1.0, longest, ..Trouble::default() };
        Self { own: vec![trouble; plan.groups().len()], refused: Vec::new() }
    }

    /// The same, if it lasted for the whole run.
    pub(super) fn lasting(&self, plan: &Plan) -> Self {
        let longest = plan.duration.as_nanos() as f64;
        // What is worked on longer leaves a queue behind, and so does what comes to those who are left.
        let last = |own: &Trouble| match own.factor > 1.0 || own.failing < 1.0 {
            true if own.share > 0.0 => Trouble { share: 1.0, longest, ..*own },
            _ => *own,
        };
        Self { own: self.own.iter().map(last).collect(), refused: self.refused.clone() }
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
            let refused = self.refused.get(*vertex).is_some_and(|refused| *refused);
            let own = match refused {
                true => Self::from(plan, 0.0).own[0],
                false => self.own[graph.vertices[*vertex].0.0 as usize],
            };
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

/// How long a fault lasts, and what share of the run that is.
fn lasts(plan: &Plan, fault: &FaultPlan) -> (f64, f64) {
    let end = plan.duration.as_nanos();
    let length = fault.end.as_nanos().min(end).saturating_sub(fault.start.as_nanos()) as f64;
    (length, length / end.max(1) as f64)
}

/// When the first fault begins that makes anything fail.
pub(super) fn first(plan: &Plan, file: &File<'_>) -> Option<f64> {
    let harms = plan.faults.iter().zip(&file.faults).filter(|(_, (_, element))| {
        element.as_ref().is_some_and(|element| element.kind.failing() > 0.0)
    });
    harms.map(|(fault, _)| fault.start.as_nanos()).min().map(|start| start as f64)
}

/// Whether a fault of messages between two that are named reaches a group.
fn touches(node: &Node, name: &str) -> bool {
    let kinds = node.members().iter().map(|member| &member.node);
    let sides = kinds.flat_map(|kind| ["from", "to"].map(|side| kind.get(side)));
    let sides: Vec<&str> = sides.flatten().filter_map(Node::text).collect();
    let by_label = sides.iter().any(|side| side.contains('='));
    sides.is_empty() || by_label || sides.iter().any(|side| side.split('/').next() == Some(name))
}

/// The share of a group that a fault hits.
fn hit(plan: &Plan, fault: &FaultPlan, id: ServiceId) -> f64 {
    match &fault.effect {
        Effect::Replicas(target, _) => {
            let all = f64::from(plan.replicas(id).max(1));
            let hit = target.candidates.iter().filter(|who| who.service == id).count() as f64;
            hit * picked(target) / all
        }
        Effect::Messages(_) => 1.0,
        Effect::Members(_) | Effect::Clocks(..) => 0.0,
    }
}

/// The share of the candidates that is hit.
fn picked(target: &Target) -> f64 {
    match target.pick {
        Pick::All => 1.0,
        Pick::One => 1.0 / target.candidates.len().max(1) as f64,
        Pick::Share(share) => share,
    }
}
