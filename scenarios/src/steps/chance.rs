use cascadia_models::plan;

use super::place::Place;
use super::{Step, StepKind};
use crate::decode::{Apart, list_items, object};
use crate::diagnostics::Report;
use crate::text::Node;
use crate::units::Part;

object! {
    /// Does steps for some requests, and others for the rest: a cache that misses, a slow path.
    pub(super) struct Chance {
        /// The share of requests for which `steps` are done.
        chance: Part,
        /// What is done for those, one after the other.
        _steps as "steps": Apart<Vec<Step>>,
        /// What is done for the others.
        _otherwise as "otherwise": Option<Apart<Vec<Step>>> => "nothing",
    }
}

impl StepKind for Chance {
    fn plan(&self, _: &mut Place<'_, '_>, branches: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        let [steps, otherwise] = branches.try_into().ok()?;
        Some(plan::Step::chance(self.chance, steps, otherwise))
    }

    fn branches<'a>(&self, node: &'a Node, report: &mut Report) -> Vec<&'a [Node]> {
        let mut steps = |key| list_items(node.get(key), report).unwrap_or_default();
        vec![steps("steps"), steps("otherwise")]
    }
}
