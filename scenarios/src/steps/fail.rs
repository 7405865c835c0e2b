use cascadia_models::plan;

use super::StepKind;
use super::place::Place;
use crate::decode::object;
use crate::status::Status;
use crate::units::Part;

object! {
    /// Ends requests with an error.
    pub(super) struct Fail {
        /// The share of requests that end here, such as "20%"; "100%" is all of them.
        fail: Part,
        /// What the error is called: an HTTP status from 400 to 599, or a gRPC code by its name.
        /// The kind that it means says how policies judge it, as the table of kinds tells. It travels
        /// to the user, whose results count it; that nothing has been done, as 429 proves, only the
        /// direct caller knows.
        status: Option<Status> => "an error that another try may help",
    }
}

impl StepKind for Fail {
    fn plan(&self, _: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        Some(plan::Step::Fail { share: self.fail, status: self.status })
    }
}
