//! Calls that may wait for ever.
//!
//! A machine that dies, and a link that is cut or loses messages, answer nothing. Who waits without a timeout
//! keeps a worker for good, and after a while has none left, long after whatever was wrong is over.

use std::cell::Cell;

use cascadia_models::plan::{
    ConnectionPlan, Effect, LayerPlan, Party, Plan, ServiceId, Source, StackId,
};

use crate::diagnostics::{Diagnostic, Report};
use crate::names::{Names, Selector};
use crate::read::File;
use crate::resolve::groups;
use crate::steps::calls;
use crate::text::Node;

/// Warns of calls without a timeout that a fault may leave without an answer.
pub(super) fn lint(plan: &Plan, file: &File<'_>, names: &Names<'_>, report: &mut Report) {
    let silences = silences(plan, file, names);
    for (from, service) in plan.groups().zip(&file.services) {
        for call in service.endpoints.iter().flat_map(|endpoint| calls(&endpoint.steps)) {
            let policy = call.policy.and_then(Node::text).and_then(|name| names.stacks.get(name));
            let Some((to, _)) = call.resolve(names, &mut Report::default()) else { continue };
            if ends(plan, policy.map(|(id, _)| *id)) {
                continue;
            }
            let Some(why) = silences.iter().find(|it| it.is_between(from, to)) else { continue };
            let message = format!(
                "service `{}` waits for `{}` without a timeout, and for ever where {}",
                service.name,
                plan.name(to),
                why.words
            );
            let help = "give the call a policy with a timeout, inside of whatever judges it";
            let diagnostic = Diagnostic::warning("S095", message);
            report.push(diagnostic.at(call.target.span, "keeps a worker for good").help(help));
        }
    }
}

/// Whether a call through a stack ends whatever happens.
fn ends(plan: &Plan, stack: Option<StackId>) -> bool {
    let ends = |layer: &LayerPlan| {
        let reads = layer.settings::<ConnectionPlan>().is_some_and(|plan| plan.read.is_some());
        layer.patience().is_some() || reads
    };
    plan.layers(stack).iter().any(ends)
}

/// What leaves calls without an answer.
struct Silence {
    /// Who calls and who is called; nothing for everybody.
    sides: [Option<Vec<ServiceId>>; 2],
    /// It is the same the other way round.
    both_ways: bool,
    words: String,
}

impl Silence {
    fn is_between(&self, from: ServiceId, to: ServiceId) -> bool {
        let is_of =
            |side: usize, id| self.sides[side].as_ref().is_none_or(|side| side.contains(&id));
        is_of(0, from) && is_of(1, to) || self.both_ways && is_of(1, from) && is_of(0, to)
    }
}

fn silences(plan: &Plan, file: &File<'_>, names: &Names<'_>) -> Vec<Silence> {
    let (groups, seen) = (groups(file), Cell::new(0));
    let select = Selector { refused: false, groups: &groups, names, plan, seen: &seen };
    let side = |node: &Node, key: &str| {
        let parties = select.parties(node.get(key)?, &mut Report::default());
        let service = |party: Party| match party {
            Party::Instance(instance) => Some(instance.service),
            Party::Load(_) | Party::Host(_) => None,
        };
        Some(parties.into_iter().filter_map(service).collect::<Vec<_>>())
    };
    let mut found = Vec::new();
    for (fault, (node, _)) in plan.faults.iter().zip(&file.faults) {
        let words = format!("fault `{}` silences it", fault.name);
        if let (Some(_), Effect::Replicas(target, _)) = (node.get("crash"), &fault.effect) {
            let hit = target.candidates.iter().map(|at| at.service).collect();
            found.push(Silence { sides: [None, Some(hit)], both_ways: false, words });
        } else if let Some(cut) = node.get("partition").or_else(|| node.get("loss")) {
            let sides = [side(cut, "from"), side(cut, "to")];
            found.push(Silence { sides, both_ways: true, words });
        }
    }
    let is_lossy = |loss: f64| loss > 0.0;
    if plan.links.default.as_ref().is_some_and(|link| is_lossy(link.loss)) {
        found.push(lossy([None, None]));
    }
    for ((from, to), _) in plan.links.between.iter().filter(|(_, link)| is_lossy(link.loss)) {
        let from = match from {
            Source::Service(id) => vec![*id],
            Source::Load(_) => continue,
        };
        let sides = [Some(from), Some(vec![*to])];
        found.push(lossy(sides));
    }
    found
}

fn lossy(sides: [Option<Vec<ServiceId>>; 2]) -> Silence {
    Silence { sides, both_ways: false, words: "a message is lost".to_owned() }
}
