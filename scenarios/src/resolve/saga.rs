//! Sagas: whom their steps call, and what may be promised of that.

use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_models::plan::{ComponentPlan, ServicePlan, Step};
use cascadia_models::saga::{SagaCall, SagaPlan, Sagas, StepCalls};
use cascadia_patterns::messaging::Backoff;
use cascadia_patterns::saga::definition::{self, Attempts, Definition, Kind, Steps};
use cascadia_patterns::saga::orchestrator::OrchestratorConfig;
use cascadia_patterns::saga::participant::Contention;

use super::locks::{locks, signals};
use crate::components::ComponentEl;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::sagas::{OnCancel, Saga, SagaEl, SagaStep, Together};
use crate::text::Node;

/// The longest pause is so many times the first.
const LONGEST: u32 = 100;

/// The plan of a group, if it is one of sagas.
pub(super) fn saga(
    element: &ComponentEl<'_>,
    services: &[ServicePlan],
    names: &Names<'_>,
    report: &mut Report,
) -> Option<ComponentPlan> {
    let SagaEl { node, value } = element.saga.as_ref()?;
    let is_driven = |saga: &&Saga| saga.over.is_none() && saga.commit == Together::Each;
    let saga = value.as_ref().filter(is_driven)?;
    let nodes = node.get("steps").map(Node::items).unwrap_or_default();
    let calls = saga.steps.iter().zip(nodes).filter_map(|(step, node)| {
        Some((Arc::from(&*step.name), calls(step, node, names, report)?))
    });
    let calls: BTreeMap<Arc<str>, StepCalls> = calls.collect();
    let locks = locks((saga, node), &calls, services, report);
    let config = config(element.name, saga, node, report);
    let definition = definition(element.name, (saga, node), &|_| element.name, report)?;
    if calls.len() < definition.steps().len() {
        return None;
    }
    let once = calls.values().all(|of| is_once(of, services));
    let script = script(&calls, &locks);
    let name = element.name.to_owned();
    let plan = SagaPlan {
        name: name.clone(),
        definition,
        calls,
        locks,
        signals: signals(saga),
        can_be_cancelled: saga.on_cancel == OnCancel::GoBack,
        config,
        write: saga.write,
        once,
    };
    let mut group = ComponentPlan::new(name, saga.places.max(1), Arc::new(Sagas(Arc::new(plan))));
    group.endpoints[0].script = script;
    Some(group)
}

/// Whether what does a step and what undoes it are done once.
pub(super) fn is_once(of: &StepCalls, services: &[ServicePlan]) -> bool {
    let is_once = |call: SagaCall| {
        let service = services.get(call.service.0 as usize);
        service.is_some_and(|service| service.endpoints[call.endpoint.0 as usize].once)
    };
    is_once(of.act) && of.undo.is_none_or(is_once)
}

/// What a saga calls, as steps: for whoever looks at who calls whom.
fn script(
    calls: &BTreeMap<Arc<str>, StepCalls>,
    locks: &BTreeMap<Arc<str>, Contention>,
) -> Vec<Step> {
    let call = |SagaCall { service, endpoint, policy }| Step::Call { service, endpoint, policy };
    let step = |(name, of): (&Arc<str>, &StepCalls)| {
        let undo = of.undo.map(|undo| Step::chance(0.0, vec![call(undo)], Vec::new()));
        // What is locked is released in the end.
        let release = locks.contains_key(name).then(|| call(of.act));
        [Some(call(of.act)), undo, release].into_iter().flatten()
    };
    calls.iter().flat_map(step).collect()
}

pub(super) fn calls(
    step: &SagaStep,
    node: &Node,
    names: &Names<'_>,
    report: &mut Report,
) -> Option<StepCalls> {
    let policy = node.get("policy").zip(step.policy.as_deref());
    let policy = policy.and_then(|(node, name)| names.stack(node, name, report));
    let mut call = |key| {
        let (service, endpoint) = names.target(node.get(key)?, report)?;
        Some(SagaCall { service, endpoint, policy })
    };
    let (act, undo) = (call("call"), call("undo"));
    Some(StepCalls { act: act?, undo })
}

fn config(name: &str, saga: &Saga, node: &Node, report: &mut Report) -> OrchestratorConfig {
    let (lease, skew, sweep) = (saga.lease, saga.skew, saga.sweep);
    let config =
        OrchestratorConfig { lease, skew, sweep, ..OrchestratorConfig::new(format!("{name}/")) };
    if let Err(error) = config.check() {
        let message = format!("`{}` {}", error.field, error.reason);
        let span = node.span_of(error.field);
        report.push(Diagnostic::error("S049", message).at(span, error.reason));
    }
    config
}

/// The steps of a saga, each of which is done by somebody.
pub(super) fn definition<'s>(
    name: &str,
    (saga, node): (&'s Saga, &Node),
    by: &dyn Fn(&'s str) -> &'s str,
    report: &mut Report,
) -> Option<Arc<Definition>> {
    let pivot = saga.steps.iter().position(|step| step.pivot).unwrap_or(usize::MAX);
    if saga.steps.first().is_some_and(|step| step.beside) {
        let first = node.get("steps").and_then(|steps| steps.items().first()).unwrap_or(node);
        let message = "the first step has none before it that it could be begun with";
        let diagnostic = Diagnostic::error("S049", message).at(first.key_span("beside"), "here");
        report.push(diagnostic.help("write it at the second of both"));
    }
    let mut stages: Vec<Vec<definition::Step>> = Vec::new();
    for (at, step) in saga.steps.iter().enumerate() {
        let of = of(by(&step.name), step, at > pivot);
        match stages.last_mut().filter(|_| step.beside) {
            Some(stage) => stage.push(of),
            None => stages.push(vec![of]),
        }
    }
    let steps = Steps::new(name, 1).siblings(saga.siblings);
    let mut steps = stages.into_iter().fold(steps, Steps::together);
    if let Some(timeout) = saga.timeout {
        steps = steps.timeout(timeout);
    }
    match steps.build() {
        Ok(definition) => Some(definition),
        Err(error) => {
            let diagnostic = Diagnostic::error("S049", error.to_string());
            report.push(diagnostic.at(node.span_of("steps"), "no saga"));
            None
        }
    }
}

/// A step, which may be behind the pivot. Who has no undo before it changes nothing.
fn of(by: &str, step: &SagaStep, is_behind: bool) -> definition::Step {
    let kind = match (step.pivot, &step.undo) {
        (true, _) => Kind::Pivot,
        _ if is_behind => Kind::Retriable,
        (_, Some(_)) => Kind::Compensatable,
        (_, None) => Kind::Reading,
    };
    let backoff = Backoff::Doubling { first: step.pause, most: step.pause * LONGEST };
    let attempts = |most| Attempts { most, backoff: backoff.clone() };
    definition::Step {
        undo: step.undo.is_some() && !is_behind,
        timeout: step.timeout,
        locks: step.lock.is_some(),
        lock_wait: step.lock_wait,
        lock_pause: step.lock_pause,
        signal: step.signal.as_ref().map(|_| Arc::from(&*step.name)),
        attempts: attempts(step.attempts),
        undo_attempts: attempts(step.undo_attempts),
        ..definition::Step::new(kind, &*step.name, by)
    }
}
