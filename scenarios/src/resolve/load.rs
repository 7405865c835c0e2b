use cascadia_models::plan::{Arrivals, EndpointId, LoadPlan, ServiceId};
use cascadia_runtime::Time;

use super::timing::Timing;
use crate::diagnostics::{Diagnostic, Report};
use crate::loads::Load;
use crate::names::Names;
use crate::read::Named;
use crate::units::nanos;

/// A source of load; where something is wrong, a placeholder.
pub(super) fn load(
    element: &Named<'_, Load>,
    names: &Names<'_>,
    timing: &Timing,
    report: &mut Report,
) -> LoadPlan {
    let mut plan = LoadPlan {
        name: element.name.to_owned(),
        service: ServiceId(0),
        endpoint: EndpointId(0),
        policy: None,
        priority: 0,
        arrivals: Arrivals::Constant(1.0),
        population: 1,
        keys: None,
        from: Time::ZERO,
        until: timing.duration,
    };
    let Some(load) = &element.value else { return plan };
    let node = element.node;
    if let Some(target) = node.get("target").and_then(|node| names.target(node, report)) {
        (plan.service, plan.endpoint) = target;
    }
    if let (Some(node), Some(name)) = (node.get("policy"), &load.policy) {
        plan.policy = names.stack(node, name, report);
    }
    plan.priority = load.priority;
    times(&mut plan, element, load, timing, report);
    plan.arrivals = load.arrivals.plan(element.name, node, report);
    plan.keys = load.keys.as_ref().and_then(|keys| keys.plan(element.name, node, report));
    if let Some(population) = load.population {
        plan.population = population;
        if population == 0 {
            let message = format!("load `{}` has a population of zero", element.name);
            let diagnostic = Diagnostic::error("S030", message);
            let help = "leave it out, or write the number of clients";
            report.push(diagnostic.at(node.span_of("population"), "zero").help(help));
        }
    }
    plan
}

fn times(
    plan: &mut LoadPlan,
    element: &Named<'_, Load>,
    load: &Load,
    timing: &Timing,
    report: &mut Report,
) {
    let node = element.node;
    if let Some(from) = load.from.map(nanos) {
        timing.within(from, "the load begins", node, "from", report);
        plan.from = Time::from_nanos(from);
    }
    if let Some(until) = load.until.map(nanos) {
        timing.within(until, "the load ends", node, "until", report);
        plan.until = Time::from_nanos(until);
    }
    if plan.from >= plan.until && timing.known {
        let message = format!("load `{}` ends before it begins", element.name);
        let diagnostic = Diagnostic::error("S035", message)
            .at(node.span_of("from"), "begins here")
            .at(node.span_of("until"), "ends here");
        report.push(diagnostic);
    }
}
