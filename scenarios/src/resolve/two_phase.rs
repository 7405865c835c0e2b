//! Sagas whose steps commit together.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cascadia_models::plan::{BranchPlan, ComponentPlan, ServiceId, ServicePlan, Step};
use cascadia_models::saga::{BranchStep, SagaCall, TwoPhase, TwoPhasePlan};
use cascadia_patterns::two_phase::Config;

use super::events::ORCHESTRATED;
use super::saga::calls;
use crate::components::ComponentEl;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::read::File;
use crate::sagas::{Saga, SagaEl, Together};
use crate::text::Node;

/// How long votes may take where a file does not say.
const VOTES: Duration = Duration::from_secs(60);

/// All that commit together. The services that have their steps have a branch of them.
pub(super) fn together(
    file: &File<'_>,
    services: &mut [ServicePlan],
    names: &Names<'_>,
    report: &mut Report,
) -> Vec<ComponentPlan> {
    let mut all = Vec::new();
    for element in &file.components {
        let Some(SagaEl { node, value: Some(saga) }) = &element.saga else { continue };
        if saga.commit == Together::TwoPhase {
            refuse(node, report);
            all.extend(resolve(element, (saga, node), services, (names, report)));
        }
    }
    all
}

/// Reports what is only of steps that commit by themselves.
fn refuse(node: &Node, report: &mut Report) {
    let mut refuse = |node: &Node, key: &str| {
        if node.get(key).is_some() {
            let message = format!("`{key}` is of steps that commit by themselves");
            let diagnostic = Diagnostic::error("S049", message).at(node.key_span(key), "here");
            report.push(diagnostic.help("leave it out, or leave out `commit`"));
        }
    };
    ["over", "lease", "skew", "siblings", "on_cancel"].iter().for_each(|key| refuse(node, key));
    for step in node.get("steps").map(Node::items).unwrap_or_default() {
        let keys = ["undo", "pivot", "attempts", "undo_attempts", "pause"];
        keys.iter().chain(&ORCHESTRATED).for_each(|key| refuse(step, key));
    }
}

fn resolve(
    element: &ComponentEl<'_>,
    (saga, node): (&Saga, &Node),
    services: &mut [ServicePlan],
    (names, report): (&Names<'_>, &mut Report),
) -> Option<ComponentPlan> {
    let config = Config {
        timeout: saga.timeout.unwrap_or(VOTES),
        pause: saga.sweep,
        ..Config::new("", element.name)
    };
    if let Err(error) = config.check() {
        let key = if error.field == "pause" { "sweep" } else { error.field };
        let message = format!("`{key}` {}", error.reason);
        report.push(Diagnostic::error("S049", message).at(node.span_of(key), error.reason));
    }
    let (mut steps, mut taken) = (Vec::new(), BTreeSet::new());
    let nodes = node.get("steps").map(Node::items).unwrap_or_default();
    for (step, own) in saga.steps.iter().zip(nodes) {
        let Some(call) = calls(step, own, names, report).map(|of| of.act) else { continue };
        if !taken.insert(call.service) {
            let message = format!("`{}` is a second branch at its service", step.name);
            let diagnostic = Diagnostic::error("S049", message).at(own.span_of("call"), "here");
            report.push(diagnostic.help("a service votes once: have one endpoint do both"));
        }
        steps.push(BranchStep { name: (*step.name).into(), call, timeout: step.timeout });
    }
    let unique: BTreeSet<_> = steps.iter().map(|step| &step.name).collect();
    if unique.len() < steps.len() || saga.steps.is_empty() {
        let message = "what is done together has at least one step, and no two of a name";
        report.push(Diagnostic::error("S049", message).at(node.span_of("steps"), "here"));
    }
    if steps.len() < saga.steps.len() {
        return None;
    }
    let name = Arc::<str>::from(element.name);
    for step in &steps {
        let ServiceId(id) = step.call.service;
        let service = services.get_mut(id as usize)?;
        let (saga, step, pause) = (Arc::clone(&name), Arc::clone(&step.name), config.pause);
        service.branches.push(BranchPlan { saga, step, pause });
    }
    let call = |SagaCall { service, endpoint, policy }| Step::Call { service, endpoint, policy };
    // Each is asked twice: to prepare, and to do it.
    let asked = steps.iter().chain(&steps).map(|step| call(step.call)).collect();
    let (timeout, pause, write) = (config.timeout, config.pause, saga.write);
    let plan = TwoPhasePlan { name, steps, timeout, pause, write };
    let build = Arc::new(TwoPhase(Arc::new(plan)));
    let mut group = ComponentPlan::new(element.name.to_owned(), saga.places.max(1), build);
    group.endpoints[0].script = asked;
    Some(group)
}
