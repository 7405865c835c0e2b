use cascadia_models::plan::{
    EndpointPlan, FallbackStep, OnCancel, Place, QueuePlan, ServicePlan, StackPlan, Workers,
};
use cascadia_patterns::shed::DisciplineConfig;

use super::discipline::discipline;
use super::names::Names;
use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::read::{EndpointEl, ServiceEl};
use crate::steps::script;
use crate::units::Duration;

/// A service; where its shape is wrong, a placeholder with its endpoints.
pub(super) fn service(
    element: &ServiceEl<'_>,
    names: &Names<'_>,
    stacks: &[StackPlan],
    report: &mut Report,
) -> ServicePlan {
    let endpoint = |endpoint: &EndpointEl<'_>| EndpointPlan {
        name: endpoint.name.to_owned(),
        safe: endpoint.idempotent.unwrap_or_else(|| safe(endpoint.name)),
        script: script(&endpoint.steps, names, report),
    };
    let endpoints = element.endpoints.iter().map(endpoint).collect();
    let mut plan = ServicePlan {
        name: element.name.to_owned(),
        replicas: 1,
        workers: Workers::Limited(1),
        queue: QueuePlan { capacity: None, discipline: DisciplineConfig::default() },
        on_cancel: OnCancel::Ignore,
        forward_deadline: true,
        inbound: None,
        refusal: std::time::Duration::ZERO,
        forwards_trace: true,
        endpoints,
    };
    if let Some(dto) = &element.dto {
        fill(&mut plan, element, dto, report);
        plan.inbound = inbound(element, dto, names, stacks, report);
    }
    plan
}

/// Whether a request may be sent twice, going by its method.
fn safe(name: &str) -> bool {
    !["POST ", "PATCH "].iter().any(|method| name.starts_with(method))
}

fn fill(plan: &mut ServicePlan, el: &ServiceEl<'_>, dto: &dto::Service, report: &mut Report) {
    let mut positive = |number: u32, key: &str| {
        if number == 0 {
            let message = format!("service `{}` has no {key}", el.name);
            let diagnostic = Diagnostic::error("S030", message).at(el.node.span_of(key), "zero");
            report.push(diagnostic.help(format!("write at least \"{key}\": 1")));
        }
        number.max(1)
    };
    plan.replicas = positive(dto.replicas.unwrap_or(1), "replicas");
    plan.workers = match dto.workers {
        None => Workers::Limited(1),
        Some(dto::Workers::Limited(workers)) => Workers::Limited(positive(workers, "workers")),
        Some(dto::Workers::Unlimited) => Workers::Unlimited,
    };
    plan.queue = QueuePlan {
        capacity: dto.queue.capacity,
        discipline: queue_discipline(plan.workers, el, dto, report),
    };
    plan.refusal = dto.refusal.map_or(plan.refusal, Duration::std);
    plan.forwards_trace = dto.trace == dto::Trace::Forward;
    plan.on_cancel = match dto.on_cancel {
        dto::OnCancel::Ignore => OnCancel::Ignore,
        dto::OnCancel::SkipQueued => OnCancel::SkipQueued,
        dto::OnCancel::Stop => OnCancel::Stop,
    };
    plan.forward_deadline = dto.forward_deadline.unwrap_or(true);
    for (label, values) in &dto.labels {
        if values.0.is_empty() {
            let span = el.node.get("labels").map_or(el.node.span, |node| node.span_of(label));
            let message = format!("the label `{label}` has no values");
            report.push(Diagnostic::error("S013", message).at(span, "empty"));
        }
    }
}

fn queue_discipline(
    workers: Workers,
    el: &ServiceEl<'_>,
    dto: &dto::Service,
    report: &mut Report,
) -> DisciplineConfig {
    let workers = match workers {
        Workers::Limited(workers) => workers,
        Workers::Unlimited => 0,
    };
    let config = discipline(dto.queue.discipline, workers);
    if let Err(error) = config.check() {
        let queue = el.node.get("queue").unwrap_or(el.node);
        let message = format!("`{}` {}", error.field, error.reason);
        let span = queue.span_of("discipline");
        report.push(Diagnostic::error("S031", message).at(span, error.reason));
    }
    config
}

fn inbound(
    element: &ServiceEl<'_>,
    dto: &dto::Service,
    names: &Names<'_>,
    stacks: &[StackPlan],
    report: &mut Report,
) -> Option<cascadia_models::plan::StackId> {
    let name = dto.inbound.as_deref()?;
    let node = element.node.get("inbound")?;
    let id = names.stack(node, name, report)?;
    let layers = &stacks.get(id.0 as usize)?.layers;
    let calls = |step: &FallbackStep| matches!(step, FallbackStep::Call { .. });
    let others = layers.iter().find_map(|layer| match layer.place() {
        Place::Balancer(_) => Some(("S034", "balances", "a balancer")),
        Place::Outside => Some(("S038", "hedges", "a hedge")),
        _ if layer.fallbacks().iter().any(calls) => {
            Some(("S039", "calls others", "a fallback that calls"))
        }
        _ => None,
    });
    if let Some((code, does, what)) = others {
        let message = format!("policy `{name}` {does}, which makes no sense on arrival");
        let mut diagnostic = Diagnostic::error(code, message).at(node.span, "used on arrival");
        if let Some((_, key)) = names.stacks.get(name) {
            diagnostic = diagnostic.at(*key, does);
        }
        report.push(diagnostic.help(format!("use a policy without {what} here")));
    }
    Some(id)
}
