use cascadia_models::plan;

use super::StepKind;
use super::place::Place;
use crate::decode::object;
use crate::laws::Law;

object! {
    /// Keeps the worker busy.
    pub(super) struct Compute {
        /// For how long.
        compute: Law,
    }
}

impl StepKind for Compute {
    fn plan(&self, _: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        Some(plan::Step::Compute(self.compute.clone()))
    }
}
