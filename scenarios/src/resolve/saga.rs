//! Sagas: whom their steps call, and what may be promised of that.

use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_models::plan::{ComponentPlan, ServicePlan, Step, Times};
use cascadia_models::saga::{SagaCall, SagaPlan, Sagas, StepCalls};
use cascadia_patterns::messaging::Backoff;
use cascadia_patterns::saga::definition::{self, Attempts, Definition, Kind, Steps};
use cascadia_patterns::saga::orchestrator::OrchestratorConfig;
use cascadia_patterns::saga::participant::Contention;

use super::locks::{locks, signals};
use super::once::is_once;
use crate::components::ComponentEl;
use crate::diagnostics::{Diagnostic, Report};
use crate::loads::Load;
use crate::names::Names;
use crate::read::{File, Named};
use crate::sagas::{OnCancel, Saga, SagaEl, SagaStep, Together};
use crate::text::Node;

/// The longest pause is so many times the first.
const LONGEST: u32 = 100;

/// The plan of a group, if it is one of sagas.
pub(super) fn saga(
    element: &ComponentEl<'_>,
    file: &File<'_>,
    (services, names): (&[ServicePlan], &Names<'_>),
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
    let by = |step: &str| {
        let of = calls.get(step).and_then(|of| services.get(of.act.service.0 as usize));
        of.map_or(element.name, |service| &service.name)
    };
    let definition = definition(element.name, (saga, node), &by, report)?;
    if calls.len() < definition.steps().len() {
        return None;
    }
    let once = calls.values().all(|of| is_once(of, services));
    let is_shared =
        |load: &Named<'_, Load>| load.value.as_ref().is_some_and(|it| it.keys.is_some());
    let is_wanted = file.loads.iter().any(is_shared);
    let script = script(saga, &calls, is_wanted);
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

/// What a saga calls, as steps: for whoever looks at who calls whom. Where several want the same, who waits for a lock is
/// taken to do so for a quarter of its patience.
fn script(saga: &Saga, calls: &BTreeMap<Arc<str>, StepCalls>, is_wanted: bool) -> Vec<Step> {
    let waits = |step: &SagaStep| {
        let is_waiting = is_wanted && step.lock.is_some_and(|lock| lock != Contention::Fail);
        let asks = step.lock_wait.as_secs_f64() / step.lock_pause.as_secs_f64() / 4.0;
        if is_waiting && asks.is_finite() { asks.ceil() as u32 } else { 0 }
    };
    let call = |SagaCall { service, endpoint, policy }| Step::Call { service, endpoint, policy };
    let step = |step: &SagaStep| {
        let of = calls.get(&*step.name)?;
        let undo = of.undo.map(|undo| Step::chance(0.0, vec![call(undo)], Vec::new()));
        // What is locked is released in the end.
        let again = step.lock.map(|_| 1 + waits(step));
        let again = again.map(|times| {
            let times = Times { min: times, max: times };
            Step::Repeat { times, steps: vec![call(of.act)] }
        });
        Some([Some(call(of.act)), undo, again].into_iter().flatten())
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
