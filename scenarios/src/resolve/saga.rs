//! Sagas: whom their steps call, and what may be promised of that.

use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_models::plan::{ComponentPlan, LoadPlan, ServicePlan, Step, Times};
use cascadia_models::saga::{SagaCall, SagaPlan, Sagas, StepCalls};
use cascadia_patterns::messaging::Backoff;
use cascadia_patterns::saga::definition::{self, Attempts, Definition, Kind, Steps};
use cascadia_patterns::saga::orchestrator::OrchestratorConfig;
use cascadia_patterns::saga::participant::Contention;

use super::contention::{busy, lasts};
use super::locks::{locks, signals};
use super::once::is_once;
use super::operator::operator;
use crate::components::ComponentEl;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::sagas::{OnCancel, Saga, SagaEl, SagaStep};
use crate::text::Node;

/// The longest pause is so many times the first.
const LONGEST: u32 = 100;

/// The plan of a group, if it is one of sagas.
pub(super) fn saga(
    element: &ComponentEl<'_>,
    (services, loads, names): (&[ServicePlan], &[LoadPlan], &Names<'_>),
    own: &BTreeMap<String, Arc<Definition>>,
    report: &mut Report,
) -> Option<ComponentPlan> {
    let SagaEl { node, value } = element.saga.as_ref()?;
    let saga = value.as_ref().filter(|saga| saga.is_driven())?;
    let nodes = node.get("steps").map(Node::items).unwrap_or_default();
    let calls = saga.steps.iter().zip(nodes).filter_map(|(step, node)| {
        Some((Arc::from(&*step.name), calls(step, node, names, report)?))
    });
    let calls: BTreeMap<Arc<str>, StepCalls> = calls.collect();
    let locks = locks((saga, node), &calls, services, report);
    let config = config(element.name, saga, node, report);
    let by = |step: &str| {
        let of = calls.get(step).and_then(|of| services.get(of.act.service.0 as usize));
        of.map_or(element.name, |service| &service.name)
    };
    let mut definition = definition(element.name, (saga, node), &by, report)?;
    if let Some(own) = own.get(element.name) {
        definition = given(own, (&definition, &calls), node, report)?;
    }
    if calls.len() < definition.steps().len() {
        return None;
    }
    let once = calls.values().all(|of| is_once(of, services));
    let lasts = lasts(saga, &calls, services);
    let script = script(saga, &calls, (busy(loads, lasts), lasts));
    let name = element.name.to_owned();
    let plan = SagaPlan {
        name: name.clone(),
        definition,
        calls,
        locks,
        signals: signals(saga),
        operator: operator((saga, node), report),
        can_be_cancelled: saga.on_cancel == OnCancel::GoBack,
        config,
        write: saga.write,
        once,
    };
    let mut group = ComponentPlan::new(name, saga.places.max(1), Arc::new(Sagas(Arc::new(plan))));
    group.endpoints[0].script = script;
    Some(group)
}

/// What a saga calls, as steps: for whoever looks at who calls whom. Who finds a lock taken waits for what is left of the saga that
/// has it and of those before it, or for a quarter of its patience where that is less.
fn script(
    saga: &Saga,
    calls: &BTreeMap<Arc<str>, StepCalls>,
    (busy, lasts): (f64, f64),
) -> Vec<Step> {
    let asks = |step: &SagaStep| {
        let pause = step.lock_pause.as_secs_f64();
        let most = step.lock_wait.as_secs_f64() / 4.0;
        // Who has it is half done on average, and others may be before.
        let wait = (lasts / 2.0 / (1.0 - busy).max(f64::EPSILON)).min(most);
        (wait / pause).ceil().clamp(0.0, f64::from(u32::MAX)) as u32
    };
    let call = |SagaCall { service, endpoint, policy }| Step::Call { service, endpoint, policy };
    let step = |step: &SagaStep| {
        let of = calls.get(&*step.name)?;
        let undo = of.undo.map(|undo| Step::chance(0.0, vec![call(undo)], Vec::new()));
        // What is locked is released in the end.
        let release = step.lock.map(|_| call(of.act));
        let waits = step.lock.filter(|lock| *lock != Contention::Fail && busy > 0.0).map(|_| {
            let times = Times { min: asks(step), max: asks(step) };
            Step::chance(busy, vec![Step::Repeat { times, steps: vec![call(of.act)] }], Vec::new())
        });
        Some([Some(call(of.act)), undo, release, waits].into_iter().flatten())
    };
    saga.steps.iter().filter_map(step).flatten().collect()
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

/// A definition of somebody's own, of which the file must say who does each step, and what it locks and waits for.
fn given(
    own: &Arc<Definition>,
    (file, calls): (&Definition, &BTreeMap<Arc<str>, StepCalls>),
    node: &Node,
    report: &mut Report,
) -> Option<Arc<Definition>> {
    let is_known = |step: &&definition::Step| {
        let known = file.steps().iter().find(|known| known.name == step.name);
        let can_undo = calls.get(&step.name).is_some_and(|of| of.undo.is_some());
        let is_same = |known: &definition::Step| {
            (known.locks, &known.signal) == (step.locks, &step.signal) && (can_undo || !step.undo)
        };
        known.is_some_and(is_same)
    };
    let Some(other) = own.steps().iter().find(|step| !is_known(step)) else {
        return Some(Arc::clone(own));
    };
    let message = format!("step `{}` of the definition that is given is not so here", other.name);
    let diagnostic = Diagnostic::error("S049", message).at(node.span_of("steps"), "not in here");
    let help =
        "give the file a step of its name: who does it and undoes it, what it locks and waits for";
    report.push(diagnostic.help(help));
    None
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
