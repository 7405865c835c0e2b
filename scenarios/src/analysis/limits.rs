use std::collections::BTreeSet;

use cascadia_models::plan::{Arrivals, Place, Plan, ServiceId, StackId};

use super::Graph;
use super::requests::requests_sent;
use crate::diagnostics::{Diagnostic, Report};
use crate::read::File;
use crate::units::duration_text;

const MOST_REQUESTS: f64 = 1e9;
const MOST_CALLS: f64 = 1e6;
const MOST_REPLICAS: u64 = 100_000;
const MOST_NANOS: u64 = 30 * 86_400_000_000_000;
const MOST_INSTANCES: u128 = 10_000_000;

/// Refuses what would take too long or too much memory, before anything is built.
pub(crate) fn check_limits(plan: &Plan, graph: &Graph, file: &File<'_>, report: &mut Report) {
    duration(plan, file, report);
    joiners(plan, file, report);
    requests(plan, graph, file, report);
    instances(plan, graph, file, report);
}

fn refuse(code: &'static str, message: String) -> Diagnostic {
    Diagnostic::error(code, message).help("make it smaller, or lift the limits with --force")
}

fn duration(plan: &Plan, file: &File<'_>, report: &mut Report) {
    let nanos = plan.duration.as_nanos();
    if nanos > MOST_NANOS {
        let node = file.root.get("run").unwrap_or(file.root);
        let text = duration_text(nanos as f64);
        let message = format!("the run lasts {text}; the limit is 30 days (2592000s)");
        report.push(refuse("S062", message).at(node.span_of("duration"), "too long"));
    }
}

/// Refuses a plan with too many replicas, before selectors go through them.
pub(crate) fn too_many_replicas(plan: &Plan, file: &File<'_>, report: &mut Report) -> bool {
    let sum: u64 = plan.groups().map(|id| u64::from(plan.replicas(id))).sum();
    if sum <= MOST_REPLICAS {
        return false;
    }
    let message = format!("there are {sum} replicas altogether; the limit is {MOST_REPLICAS}");
    let mut diagnostic = refuse("S061", message);
    let most = plan.services.iter().zip(&file.services).max_by_key(|(plan, _)| plan.replicas);
    if let Some((plan, element)) = most {
        let text = format!("{} of them", plan.replicas);
        diagnostic = diagnostic.at(element.node.span_of("replicas"), text);
    }
    report.push(diagnostic);
    true
}

/// Everybody who may ever have lived in a group. No number is given twice, so each fault may add as
/// many as it asks for.
fn ever(plan: &Plan, id: ServiceId) -> u64 {
    let joiners: u64 = plan.scales(id).map(|scale| u64::from(scale.to)).sum();
    u64::from(plan.replicas(id)) + joiners
}

fn joiners(plan: &Plan, file: &File<'_>, report: &mut Report) {
    let sum: u64 = plan.groups().map(|id| ever(plan, id)).sum();
    let mut scales = file.faults.iter().filter(|(node, _)| node.get("scale").is_some());
    if sum > MOST_REPLICAS
        && let Some((node, _)) = scales.next()
    {
        let message = format!(
            "there may be {sum} replicas in the course of time; the limit is {MOST_REPLICAS}"
        );
        report.push(refuse("S061", message).at(node.span_of("scale"), "more of them"));
    }
}

fn requests(plan: &Plan, graph: &Graph, file: &File<'_>, report: &mut Report) {
    too_many_calls(plan, graph, file, report);
    let counts = requests_sent(plan, graph);
    let sum: f64 = counts.iter().sum();
    if sum <= MOST_REQUESTS {
        return;
    }
    let message =
        format!("about {sum:.3e} requests would be sent; the limit is {MOST_REQUESTS:.0e}");
    let mut diagnostic = refuse("S060", message);
    let most = counts.iter().zip(&file.loads).max_by(|(a, _), (b, _)| a.total_cmp(b));
    if let Some((_, element)) = most {
        let node = element.node;
        let key = if node.get("open").is_some() { "open" } else { "closed" };
        diagnostic = diagnostic.at(node.span_of(key), "most of them");
    }
    report.push(diagnostic);
}

fn too_many_calls(plan: &Plan, graph: &Graph, file: &File<'_>, report: &mut Report) {
    let calls = graph.calls_made();
    for (index, load) in plan.loads.iter().enumerate() {
        let calls = calls[graph.vertex(load.service, load.endpoint)];
        if calls > MOST_CALLS {
            let message =
                format!("one request causes {calls:.3e} calls; the limit is {MOST_CALLS:.0e}");
            let span = file.loads.get(index).map_or(file.root.span, |element| element.key);
            report.push(refuse("S060", message).at(span, "too many calls"));
        }
    }
}

/// Layers and hops that callers have: `outside` for each target, `inside` for each replica of it.
fn size(plan: &Plan, target: ServiceId, stack: Option<StackId>) -> u128 {
    let layers = plan.layers(stack);
    let balance = layers.iter().position(|layer| matches!(layer.place(), Place::Balancer(_)));
    let outside = balance.unwrap_or(layers.len());
    let inside = layers.len() - outside;
    let replicas = u128::from(ever(plan, target));
    let asked = plan.asked(stack).map(|(service, _)| (service, None));
    let others = plan.fallbacks(stack).map(|(service, _, stack)| (service, stack)).chain(asked);
    let others = others.map(|(service, stack)| size(plan, service, stack));
    outside as u128 + (1 + inside as u128) * replicas + others.sum::<u128>()
}

fn instances(plan: &Plan, graph: &Graph, file: &File<'_>, report: &mut Report) {
    let mut sites: Vec<BTreeSet<(ServiceId, Option<StackId>)>> =
        vec![BTreeSet::new(); plan.groups().count()];
    for (vertex, calls) in graph.calls.iter().enumerate() {
        let caller = graph.vertices[vertex].0.0 as usize;
        let calls = calls.iter().filter(|call| !call.beside);
        sites[caller].extend(calls.map(|call| (graph.vertices[call.to].0, call.policy)));
    }
    let mut sum: u128 = 0;
    let mut most = (0, file.root.span);
    let mut add = |count: u128, span| {
        sum = sum.saturating_add(count);
        if count > most.0 {
            most = (count, span);
        }
    };
    for (index, (id, service)) in plan.groups().zip(&plan.services).enumerate() {
        let inbound = service.inbound.map_or(0, |id| plan.stacks[id.0 as usize].layers.len());
        let routes: u128 = sites[index].iter().map(|(to, stack)| size(plan, *to, *stack)).sum();
        let count = u128::from(ever(plan, id)).saturating_mul(routes + inbound as u128);
        add(count, file.services.get(index).map_or(file.root.span, |element| element.key));
    }
    for (index, load) in plan.loads.iter().enumerate() {
        let clients = match load.arrivals {
            Arrivals::Closed { clients, .. } => u128::from(clients),
            _ => 0,
        };
        let stacks = u128::from(load.population) * size(plan, load.service, load.policy);
        let count = stacks.saturating_add(clients);
        add(count, file.loads.get(index).map_or(file.root.span, |element| element.key));
    }
    if sum > MOST_INSTANCES {
        let message = format!(
            "callers would have {sum} layers, connections and clients; the limit is {MOST_INSTANCES}"
        );
        report.push(refuse("S063", message).at(most.1, format!("{} of them", most.0)));
    }
}
