use cascadia_models::plan;

use super::place::Place;
use super::{Step, StepKind};
use crate::decode::{Apart, either, list_items, object};
use crate::diagnostics::Report;
use crate::text::{Node, Value};

object! {
    /// Does several things at once.
    pub(super) struct Parallel {
        /// The branches.
        _parallel as "parallel": Apart<Vec<Branch>>,
    }
}

either! {
    /// A step or a list of steps.
    pub(super) enum Branch: () {
        Apart<Step> => |()| (),
        Apart<Vec<Step>> => |()| (),
    }
}

impl StepKind for Parallel {
    fn plan(&self, _: &mut Place<'_, '_>, branches: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        Some(plan::Step::Parallel(branches))
    }

    fn branches<'a>(&self, node: &'a Node, report: &mut Report) -> Vec<&'a [Node]> {
        let branch = |item: &'a Node| match &item.value {
            Value::Array(steps) => steps.as_slice(),
            _ => std::slice::from_ref(item),
        };
        let branches = list_items(node.get("parallel"), report).unwrap_or_default();
        branches.iter().map(branch).collect()
    }
}
