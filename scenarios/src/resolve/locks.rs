//! What steps of sagas lock and wait for.

use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_models::plan::ServicePlan;
use cascadia_models::saga::{SignalPlan, StepCalls};
use cascadia_patterns::saga::participant::Contention;

use super::once::is_once;
use crate::diagnostics::{Diagnostic, Report};
use crate::sagas::Saga;
use crate::text::Node;

/// The steps that lock something, each where it is done and undone once, and with what becomes of who meets it.
pub(super) fn locks(
    (saga, node): (&Saga, &Node),
    calls: &BTreeMap<Arc<str>, StepCalls>,
    services: &[ServicePlan],
    report: &mut Report,
) -> BTreeMap<Arc<str>, Contention> {
    let nodes = node.get("steps").map(Node::items).unwrap_or_default();
    let mut locks = BTreeMap::new();
    for (step, node) in saga.steps.iter().zip(nodes) {
        let Some(contention) = step.lock else {
            unlocked(node, report);
            continue;
        };
        let name = Arc::from(&*step.name);
        let Some(of) = calls.get(&name) else { continue };
        let mut refuse = |message: String, help: &str| {
            let span = node.span_of("lock");
            report.push(Diagnostic::error("S049", message).at(span, "this lock").help(help));
        };
        if !is_once(of, services) {
            let message = format!("`{name}` locks something where whatever comes is done");
            refuse(message, "let the endpoints that do and undo it be `once`");
        }
        if of.undo.is_some_and(|undo| undo.service != of.act.service) {
            let message =
                format!("`{name}` locks something where it is done, and is undone elsewhere");
            refuse(message, "let the service that does it undo it");
        }
        if step.lock_pause.is_zero() {
            let message = format!("`{name}` asks without end whether a lock is free");
            let diagnostic = Diagnostic::error("S030", message);
            report.push(diagnostic.at(node.span_of("lock_pause"), "zero"));
        }
        locks.insert(name, contention);
    }
    locks
}

/// Reports what is said of a lock that there is not.
fn unlocked(node: &Node, report: &mut Report) {
    for key in ["lock_wait", "lock_pause"].iter().filter(|key| node.get(key).is_some()) {
        let message = format!("`{key}` is of steps that lock something");
        let diagnostic = Diagnostic::error("S049", message).at(node.key_span(key), "here");
        report.push(diagnostic.help("leave it out, or say what becomes of who meets its `lock`"));
    }
}

/// What steps wait for, by their names.
pub(super) fn signals(saga: &Saga) -> BTreeMap<Arc<str>, SignalPlan> {
    let signals = saga.steps.iter().filter_map(|step| {
        let signal = step.signal.as_ref()?;
        let plan = SignalPlan { after: signal.after.clone(), share: signal.share };
        Some((Arc::from(&*step.name), plan))
    });
    signals.collect()
}
