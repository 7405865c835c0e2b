use cascadia_models::laws::Law;
use cascadia_models::plan::{Arrivals, EndpointId, LoadPlan, ServiceId};
use cascadia_runtime::Time;

use super::Timing;
use super::law::law;
use super::names::Names;
use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::read::Named;

/// A source of load; where something is wrong, a placeholder.
pub(super) fn load(
    element: &Named<'_, dto::Load>,
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
        from: Time::ZERO,
        until: timing.duration,
    };
    let Some(dto) = &element.dto else { return plan };
    let node = element.node;
    if let Some(target) = node.get("target").and_then(|node| names.target(node, report)) {
        (plan.service, plan.endpoint) = target;
    }
    if let (Some(node), Some(name)) = (node.get("policy"), &dto.policy) {
        plan.policy = names.stack(node, name, report);
    }
    plan.priority = u8::try_from(dto.priority.unwrap_or(0)).unwrap_or_else(|_| {
        let message = "a priority is at most 255";
        let span = node.span_of("priority");
        report.push(Diagnostic::error("S030", message).at(span, "out of range"));
        u8::MAX
    });
    if let Some(from) = dto.from {
        timing.within(from.0, "the load begins", node, "from", report);
        plan.from = Time::from_nanos(from.0);
    }
    if let Some(until) = dto.until {
        timing.within(until.0, "the load ends", node, "until", report);
        plan.until = Time::from_nanos(until.0);
    }
    if plan.from >= plan.until && timing.known {
        let message = format!("load `{}` ends before it begins", element.name);
        let diagnostic = Diagnostic::error("S035", message)
            .at(node.span_of("from"), "begins here")
            .at(node.span_of("until"), "ends here");
        report.push(diagnostic);
    }
    plan.arrivals = arrivals(element, dto, report);
    if let Some(population) = dto.population {
        plan.population = population;
        let message = format!("load `{}` has a population of zero", element.name);
        if population == 0 {
            let diagnostic = Diagnostic::error("S030", message);
            let help = "leave it out, or write the number of clients";
            report.push(diagnostic.at(node.span_of("population"), "zero").help(help));
        }
    }
    plan
}

fn arrivals(element: &Named<'_, dto::Load>, dto: &dto::Load, report: &mut Report) -> Arrivals {
    let node = element.node;
    if let Some(open) = &dto.open {
        let (dto::OpenLoad::Poisson(rate) | dto::OpenLoad::Constant(rate)) = open;
        if rate.0 <= 0.0 {
            let message = format!("load `{}` has a rate of zero", element.name);
            let place = node.get("open").and_then(|open| open.members().first());
            let span = place.map_or(node.span, |member| member.node.span);
            let diagnostic = Diagnostic::error("S030", message).at(span, "zero");
            report.push(diagnostic.help("write a rate above 0, such as \"100/s\""));
        }
        return match open {
            dto::OpenLoad::Poisson(rate) => Arrivals::Poisson(rate.0),
            dto::OpenLoad::Constant(rate) => Arrivals::Constant(rate.0),
        };
    }
    let Some(closed) = &dto.closed else { return Arrivals::Constant(1.0) };
    let place = node.get("closed").unwrap_or(node);
    if closed.clients == 0 {
        let message = format!("load `{}` has no clients", element.name);
        report.push(Diagnostic::error("S030", message).at(place.span_of("clients"), "zero"));
    }
    let think = closed.think.as_ref();
    let think =
        think.map_or(Law::Constant(0.0), |think| law(think, place.span_of("think"), report));
    Arrivals::Closed { clients: closed.clients, think }
}
