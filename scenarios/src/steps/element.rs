use super::{CallEl, StepKind, Steps};
use crate::decode::{Decode, Def, Kind, Object, Shape, not_one, wrong_shape};
use crate::diagnostics::Report;
use crate::text::{Node, Value};

/// A step of a file; `step` is missing where its shape is wrong, which has been reported.
pub(crate) struct StepEl<'a> {
    pub(crate) node: &'a Node,
    pub(crate) step: Option<Box<dyn StepKind>>,
    pub(crate) branches: Vec<Vec<Self>>,
}

/// Reads steps and what they contain.
pub(crate) fn read<'a>(nodes: &'a [Node], report: &mut Report) -> Vec<StepEl<'a>> {
    let mut element = |node: &'a Node| {
        let step = Step::decode(node, report);
        let branches = step.as_ref().map(|step| step.branches(node, report)).unwrap_or_default();
        let branches = branches.into_iter().map(|nodes| read(nodes, report)).collect();
        StepEl { node, step, branches }
    };
    nodes.iter().map(&mut element).collect()
}

/// A step of the work of an endpoint: exactly one of the kinds.
#[derive(Debug)]
pub(crate) enum Step {}

impl Decode for Step {
    type Value = Box<dyn StepKind>;

    fn decode(node: &Node, report: &mut Report) -> Option<Self::Value> {
        if !matches!(node.value, Value::Object(_)) {
            wrong_shape(node, Self::shape(), report);
            return None;
        }
        let names: Vec<&str> = Steps::KINDS.iter().map(|kind| kind.key).collect();
        let given = Steps::KINDS.iter().filter(|kind| node.get(kind.key).is_some());
        match given.collect::<Vec<_>>()[..] {
            [Kind { under: Some(kind), .. }] => (kind.decode)(node, report),
            // A kind that nobody knows is reported as an unknown key.
            [] => Object::open(node, Self::shape(), &names, report)?.close(|| {
                not_one(node, &names, "a step", report);
                None
            }),
            _ => {
                not_one(node, &names, "a step", report);
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "Step",
            about: "A step of the work of an endpoint: exactly one of the kinds.",
            parts: || Steps::KINDS.iter().filter_map(|kind| kind.case().under).collect(),
        })
    }
}

/// The calls of steps, those of their branches included.
pub(crate) fn calls<'a>(steps: &[StepEl<'a>]) -> Vec<CallEl<'a>> {
    let mut found = Vec::new();
    for step in steps {
        found.extend(step.step.as_ref().and_then(|kind| kind.call(step.node)));
        found.extend(step.branches.iter().flat_map(|steps| calls(steps)));
    }
    found
}
