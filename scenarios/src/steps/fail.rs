use cascadia_models::plan;

use super::StepKind;
use super::place::Place;
use crate::decode::object;
use crate::units::Part;

object! {
    /// Ends requests with an error. Errors have no kinds and no statuses yet.
    pub(super) struct Fail {
        /// The share of requests that end here, such as "20%"; "100%" is all of them.
        fail: Part,
    }
}

impl StepKind for Fail {
    fn plan(&self, _: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        Some(plan::Step::Fail { share: self.fail, status: None })
    }
}
