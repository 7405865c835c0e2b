use super::{CallEl, KINDS, Kind, LATER, SETTINGS, Step};
use crate::decode::{decode, exactly_one, not_yet};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;

/// A step of a file; `step` is missing where its shape is wrong, which has been reported.
pub(crate) struct StepEl<'a> {
    pub(super) node: &'a Node,
    step: Option<Step>,
    pub(super) branches: Vec<Vec<Self>>,
}

impl StepEl<'_> {
    pub(super) fn kind(&self) -> Option<&dyn Kind> {
        self.step.as_ref()?.kind()
    }
}

/// Decodes steps and what they contain.
pub(crate) fn read<'a>(nodes: &'a [Node], report: &mut Report) -> Vec<StepEl<'a>> {
    let mut element = |node: &'a Node| {
        let step = step(node, report);
        let kind = step.as_ref().and_then(Step::kind);
        let branches = kind.map(|kind| kind.branches(node, report)).unwrap_or_default();
        let branches = branches.into_iter().map(|nodes| read(nodes, report)).collect();
        StepEl { node, step, branches }
    };
    nodes.iter().map(&mut element).collect()
}

fn step(node: &Node, report: &mut Report) -> Option<Step> {
    if not_yet(node, &LATER, report) {
        return None;
    }
    let step = decode(node, report)?;
    if !exactly_one(node, KINDS, "a step", report) {
        return None;
    }
    for (setting, kind) in SETTINGS {
        if node.get(setting).is_some() && node.get(kind).is_none() {
            let message = format!("only a {kind} passes a {setting}");
            let remark = format!("this step is no {kind}");
            report.push(Diagnostic::error("S009", message).at(node.key_span(setting), remark));
        }
    }
    Some(step)
}

/// The calls of steps, those of their branches included.
pub(crate) fn calls<'a>(steps: &[StepEl<'a>]) -> Vec<CallEl<'a>> {
    let mut found = Vec::new();
    for step in steps {
        found.extend(step.kind().and_then(|kind| kind.call(step.node)));
        found.extend(step.branches.iter().flat_map(|steps| calls(steps)));
    }
    found
}
