use std::cell::Cell;
use std::collections::BTreeSet;

use cascadia_models::plan::{Effect, FaultPlan, Pick, Target};
use cascadia_runtime::Time;

use super::{FaultName, Resolved};
use crate::diagnostics::{Diagnostic, Report};
use crate::faults::{Fault, Faults, Place};
use crate::names::{Group, Selector};
use crate::read::File;
use crate::text::{Node, Span};
use crate::units::nanos;

/// Adds the faults of a file to the plan. Where there are too many replicas, which is `refused`,
/// selectors do not go through them.
pub(crate) fn faults(
    file: &File<'_>,
    resolved: &mut Resolved<'_>,
    refused: bool,
    report: &mut Report,
) {
    let (mut plans, mut hits) = (Vec::new(), Vec::new());
    let (groups, seen) = (groups(file), Cell::new(0));
    for (index, (node, fault)) in file.faults.iter().enumerate() {
        let kind = Faults::KINDS.iter().map(|kind| kind.key).find(|kind| node.get(kind).is_some());
        let Some(name) = name(node, kind, index) else {
            resolved.nameless = true;
            continue;
        };
        let span = node.span_of("name");
        unique(&name, span, resolved, report);
        let end = resolved.timing.duration;
        let mut plan = FaultPlan { name, start: Time::ZERO, end, effect: nothing() };
        let (mut when, mut hit) = (None, Vec::new());
        if let (Some(fault), Some(kind)) = (fault, kind) {
            when = times(&mut plan, node, fault, resolved, report);
            let Resolved { names, plan: world, .. } = &*resolved;
            let select = Selector { refused, groups: &groups, names, plan: world, seen: &seen };
            let node = node.get(kind).unwrap_or(node);
            let mut place = Place { select, node, report, hits: BTreeSet::new() };
            plan.effect = fault.kind.effect(&mut place);
            hit = place.hits.iter().map(|hit| world.name(*hit).to_owned()).collect();
        }
        let named = FaultName { span, when };
        resolved.faults.entry(plan.name.clone()).or_insert(named);
        plans.push(plan);
        hits.push(hit);
    }
    resolved.plan.faults = plans;
    resolved.hits = hits;
}

/// The name of a fault, if it can be read.
fn name(node: &Node, kind: Option<&str>, index: usize) -> Option<String> {
    match node.get("name") {
        Some(name) => name.text().map(str::to_owned),
        None => Some(format!("{}-{index}", kind?)),
    }
}

/// Whom selectors may select.
pub(crate) fn groups<'a>(file: &'a File<'_>) -> Vec<Group<'a>> {
    let services = file.services.iter().map(|element| Group {
        name: element.name,
        replicas: Some(element.value.as_ref().map_or(1, |service| service.replicas)),
        labels: element.value.as_ref().map(|service| &service.labels),
        is_known: element.value.is_some(),
    });
    let components = file.components.iter();
    let components = components.map(|element| Group {
        name: element.name,
        replicas: element.broker.as_ref().map(|_| element.places),
        labels: element.broker.as_ref().map(|broker| &broker.labels),
        is_known: element.is_known(),
    });
    services.chain(components).collect()
}

fn nothing() -> Effect {
    Effect::on(Target { candidates: Vec::new(), pick: Pick::All }, |_| {})
}

fn unique(name: &str, span: Span, resolved: &Resolved<'_>, report: &mut Report) {
    if let Some(FaultName { span: first, .. }) = resolved.faults.get(name) {
        let diagnostic = Diagnostic::error("S027", format!("two faults are called `{name}`"))
            .at(span, "again here")
            .at(*first, "first here");
        report.push(diagnostic.help("rename one of them"));
    }
}

/// Sets when a fault begins and ends. Nothing where that cannot be.
fn times(
    plan: &mut FaultPlan,
    node: &Node,
    fault: &Fault,
    resolved: &Resolved<'_>,
    report: &mut Report,
) -> Option<(u64, u64)> {
    let timing = &resolved.timing;
    let duration = timing.duration.as_nanos();
    let at = nanos(fault.at);
    plan.start = Time::from_nanos(at);
    if timing.known && at >= duration {
        timing.within(at.max(duration + 1), "the fault begins", node, "at", report);
        return None;
    }
    if let Some(lasts) = fault.lasts {
        let end = at.saturating_add(nanos(lasts));
        timing.within(end, "the fault ends", node, "for", report);
        plan.end = Time::from_nanos(end);
        if lasts.is_zero() {
            let message = format!("fault `{}` lasts no time", plan.name);
            report.push(Diagnostic::error("S030", message).at(node.span_of("for"), "zero"));
            return None;
        }
        if timing.known && end > duration {
            return None;
        }
    }
    timing.known.then(|| (at, plan.end.as_nanos()))
}
