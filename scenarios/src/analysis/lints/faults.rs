//! Faults that change nothing.

use cascadia_models::laws::Law;
use cascadia_models::plan::{Effect, FaultPlan, Link, Plan, ServiceId};

use super::super::Graph;
use crate::diagnostics::{Diagnostic, Report};
use crate::read::File;
use crate::text::{Node, Value};

/// Warns of faults without an effect.
pub(super) fn lint(plan: &Plan, graph: &Graph, file: &File<'_>, report: &mut Report) {
    let works = works(plan, graph);
    for (fault, (node, _)) in plan.faults.iter().zip(&file.faults) {
        let Some((key, why, help)) = idle(fault, node, plan, &works) else { continue };
        let message = format!("fault `{}` has no effect: {why}", fault.name);
        let diagnostic = Diagnostic::warning("S094", message);
        report.push(diagnostic.at(node.span_of(key), "changes nothing").help(help));
    }
}

/// Why a fault has no effect, by the key of its kind, and what may have been meant.
fn idle(
    fault: &FaultPlan,
    node: &Node,
    plan: &Plan,
    works: &[bool],
) -> Option<(&'static str, &'static str, &'static str)> {
    let number = |kind: &str, key: &str| match node.get(kind)?.get(key)?.value {
        Value::Number(ref number) => number.as_f64(),
        _ => None,
    };
    if let (Some(factor), Effect::Replicas(target, _)) = (number("slow", "factor"), &fault.effect) {
        let mut hit = target.candidates.iter().map(|at| works[at.service.0 as usize]);
        let is_idle = !hit.any(|works| works);
        return match (is_idle, factor == 1.0) {
            (true, _) => Some((
                "slow",
                "no worker of its target computes anything",
                "make those slow that it calls, or give it work to `compute`",
            )),
            (_, true) => Some(("slow", "once the time is the same time", "write a factor above 1")),
            _ => None,
        };
    }
    let factor = number("latency", "factor")?;
    if node.get("latency")?.get("add").is_some() {
        return None;
    }
    match (has_latency(plan), factor == 1.0) {
        (false, _) => Some((
            "latency",
            "no link has any latency that could be multiplied",
            "write what to `add`, or give the links a latency",
        )),
        (_, true) => Some(("latency", "once the time is the same time", "write a factor above 1")),
        _ => None,
    }
}

fn has_latency(plan: &Plan) -> bool {
    let mut links = plan.links.default.iter().chain(plan.links.between.values());
    links.any(|link: &Link| link.latency != Law::Constant(0.0))
}

/// Whether the workers of each group do anything that takes time.
fn works(plan: &Plan, graph: &Graph) -> Vec<bool> {
    let means = graph.work(plan, Law::mean, |rest| rest, |_, _, _| 0.0);
    let mut works: Vec<bool> = plan.groups().map(|id| is_busy_besides(plan, id)).collect();
    for ((service, _), mean) in graph.vertices.iter().zip(means) {
        works[service.0 as usize] |= mean > 0.0;
    }
    works
}

/// Whether a group has work that is no step of its endpoints.
fn is_busy_besides(plan: &Plan, id: ServiceId) -> bool {
    let service = plan.services.get(id.0 as usize);
    service.is_none_or(|service| service.store.is_some() || !service.refusal.is_zero())
}
