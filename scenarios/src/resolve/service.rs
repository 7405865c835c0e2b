use cascadia_models::plan::{
    ConsumePlan, ElectedPlan, EndpointId, EndpointPlan, Keeping, OnCancel, QueuePlan, ServicePlan,
    StackId, StorePlan, Workers,
};
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::shed::DisciplineConfig;

use super::once;
use super::script::script;
use crate::components::check_disk;
use crate::diagnostics::{Diagnostic, Report};
use crate::elements::{Service, Trace};
use crate::layers::check_arrival;
use crate::names::Names;
use crate::read::{ConsumeEl, EndpointEl, File, ServiceEl};

/// A service; where its shape is wrong, a placeholder with its endpoints.
pub(super) fn service(
    element: &ServiceEl<'_>,
    file: &File<'_>,
    names: &Names<'_>,
    report: &mut Report,
) -> ServicePlan {
    let consumes = consumes(element, names, report);
    let endpoint = |endpoint: &EndpointEl<'_>| EndpointPlan {
        name: match &endpoint.consume {
            Some(_) => format!("consume {}", endpoint.name),
            None => endpoint.name.to_owned(),
        },
        safe: endpoint.properties.idempotent.unwrap_or_else(|| safe(endpoint.name)),
        once: endpoint.properties.once,
        script: script(&endpoint.steps, names, report),
    };
    let endpoints: Vec<_> = match &element.store {
        Some(store) => store.endpoints(),
        None => element.endpoints.iter().map(endpoint).collect(),
    };
    once::called(element, &endpoints, report);
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
        store: element.store.clone(),
        endpoints,
        consumes,
        members: Vec::new(),
        branches: Vec::new(),
        own: None,
    };
    if let Some(service) = &element.value {
        fill(&mut plan, element, service, report);
        plan.inbound = inbound(element, service, file, names, report);
        keeping(&plan, element, report);
    }
    plan
}

/// What a service consumes.
fn consumes(element: &ServiceEl<'_>, names: &Names<'_>, report: &mut Report) -> Vec<ConsumePlan> {
    let mut plans = Vec::new();
    for (at, endpoint) in (0..).zip(&element.endpoints) {
        let Some(ConsumeEl { key, node, value }) = &endpoint.consume else { continue };
        let topic = names.topic_at(endpoint.name, *key, report);
        let Some(consume) = value else { continue };
        // The settings of who consumes what is not there are judged all the same.
        let (broker, topic) = topic.unzip();
        let dead = consume.dead_letter.as_deref().map(|name| {
            let span = node.span_of("dead_letter");
            let found = names.topic_at(name, span, report);
            if found.zip(broker).is_some_and(|((of, _), broker)| of != broker) {
                let message = "letters of dead messages stay with their broker";
                report.push(Diagnostic::error("S048", message).at(span, "another broker"));
            }
            found.map(|(_, topic)| topic)
        });
        let group = consume.group.as_deref().unwrap_or(element.name);
        let mut config = consume.config(topic.unwrap_or(endpoint.name), group);
        config.subscription.dead_letter = dead.flatten().map(Into::into);
        if let Err(error) = config.check() {
            let key = consume.key(error.field);
            let message = format!("`{key}` {}", error.reason);
            report.push(Diagnostic::error("S048", message).at(node.span_of(key), error.reason));
        }
        let session = consume.session();
        if session.heartbeat.is_zero() || session.heartbeat >= session.timeout {
            let message = "a replica must say that it is there before it is taken for dead";
            let diagnostic = Diagnostic::error("S048", message);
            let help = "a third of `session_timeout` leaves room for one that is lost";
            let span = node.span_of("heartbeat");
            report.push(diagnostic.at(span, "not shorter than `session_timeout`").help(help));
        }
        let Some(broker) = broker else { continue };
        plans.push(ConsumePlan {
            broker: broker.into(),
            config,
            session,
            endpoint: EndpointId(at),
            replies: consume.reply,
            own: None,
        });
    }
    plans
}

/// Whether a request may be sent twice, going by its method.
fn safe(name: &str) -> bool {
    !["POST ", "PATCH "].iter().any(|method| name.starts_with(method))
}

fn fill(plan: &mut ServicePlan, el: &ServiceEl<'_>, service: &Service, report: &mut Report) {
    let mut positive = |number: u32, key: &str| {
        if number == 0 {
            let message = format!("service `{}` has no {key}", el.name);
            let diagnostic = Diagnostic::error("S030", message).at(el.node.span_of(key), "zero");
            report.push(diagnostic.help(format!("write at least \"{key}\": 1")));
        }
        number.max(1)
    };
    plan.replicas = positive(service.replicas, "replicas");
    plan.workers = match service.workers {
        Workers::Limited(workers) => Workers::Limited(positive(workers, "workers")),
        Workers::Unlimited => Workers::Unlimited,
    };
    plan.queue = QueuePlan {
        capacity: service.queue.capacity,
        discipline: queue_discipline(plan.workers, el, service, report),
    };
    plan.refusal = service.refusal;
    plan.forwards_trace = service.trace == Trace::Forward;
    plan.on_cancel = service.on_cancel;
    plan.forward_deadline = service.forward_deadline;
    for (label, values) in &service.labels {
        if values.is_empty() {
            let span = el.node.get("labels").map_or(el.node.span, |node| node.span_of(label));
            let message = format!("the label `{label}` has no values");
            report.push(Diagnostic::error("S013", message).at(span, "empty"));
        }
    }
}

/// Reports what a store cannot keep as it is to.
fn keeping(plan: &ServicePlan, el: &ServiceEl<'_>, report: &mut Report) {
    let Some(StorePlan { keeping, outbox, .. }) = &plan.store else { return };
    if let (Err(error), Some(node)) = (outbox.check(), el.node.get("outbox")) {
        let message = format!("`{}` {}", error.field, error.reason);
        let diagnostic = Diagnostic::error("S048", message);
        report.push(diagnostic.at(node.span_of(error.field), error.reason));
    }
    if let Keeping::Elected(elected) = keeping {
        return electing(elected, el, report);
    }
    let mut refuse = |key: &str, message: String, remark: &str, help: &str| {
        let diagnostic = Diagnostic::error("S047", message).at(el.node.span_of(key), remark);
        report.push(diagnostic.help(help));
    };
    let (name, replicas) = (el.name, plan.replicas);
    match keeping {
        Keeping::Rows if replicas > 1 => {
            let message =
                format!("store `{name}` keeps its rows at one replica and has {replicas}");
            let help = "write \"keeps\": { \"quorum\": { \"read\": 2, \"write\": 2 } }";
            refuse("replicas", message, "too many", help);
        }
        Keeping::Rows => {}
        Keeping::Replicated { synchronous, .. } if *synchronous >= replicas => {
            let message = format!(
                "a write of store `{name}` waits for {synchronous} of {} others",
                replicas - 1
            );
            refuse("keeps", message, "not possible", "wait for at most all others");
        }
        Keeping::Replicated { .. } | Keeping::Elected(_) => {}
        Keeping::Quorum { read, write } => {
            for (what, number) in [("read", *read), ("write", *write)] {
                if number == 0 || number > replicas {
                    let message =
                        format!("a {what} of store `{name}` asks {number} of {replicas} replicas");
                    refuse("keeps", message, "not possible", "ask at least 1, and at most all");
                }
            }
            if plan.workers != Workers::Unlimited {
                let message = format!("the replicas of store `{name}` would wait for each other");
                let help = "leave it out: those of a quorum take whatever comes";
                refuse("workers", message, "limited", help);
            }
        }
    }
}

/// Reports how nobody can elect who leads a store.
fn electing(elected: &ElectedPlan, el: &ServiceEl<'_>, report: &mut Report) {
    let settings = el.node.get("keeps").and_then(|keeps| keeps.get("elected"));
    let Some(settings) = settings else { return };
    if let Err(ConfigError { field, reason }) = elected.raft.check() {
        let key = match field.strip_prefix("election_timeout_") {
            Some(_) => "election_timeout",
            None => field,
        };
        let message =
            format!("the replicas of store `{}` cannot elect one: `{field}` {reason}", el.name);
        report.push(Diagnostic::error("S047", message).at(settings.span_of(key), reason));
    }
    if let Some(node) = settings.get("disk") {
        check_disk(&elected.disk, node, report);
    }
}

fn queue_discipline(
    workers: Workers,
    el: &ServiceEl<'_>,
    service: &Service,
    report: &mut Report,
) -> DisciplineConfig {
    let workers = match workers {
        Workers::Limited(workers) => workers,
        Workers::Unlimited => 0,
    };
    let config = service.queue.discipline.config(workers);
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
    service: &Service,
    file: &File<'_>,
    names: &Names<'_>,
    report: &mut Report,
) -> Option<StackId> {
    let name = service.inbound.as_deref()?;
    let node = element.node.get("inbound")?;
    let id = names.stack(node, name, report)?;
    check_arrival(node, file.policies.get(id.0 as usize)?, report);
    Some(id)
}
