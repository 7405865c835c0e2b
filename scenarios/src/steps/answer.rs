use cascadia_models::plan;

use super::StepKind;
use super::place::Place;
use crate::decode::object;
use crate::status::Success;
use crate::units::Part;

object! {
    /// Answers requests with success, and says which: nothing after it is done for them.
    pub(super) struct Answer {
        /// What the answer is called: an HTTP status from 200 to 399, such as 201 or 304. Results
        /// count its kind.
        answer: Success,
        /// The share of requests that are answered here.
        share: Part = 1.0,
    }
}

impl StepKind for Answer {
    fn plan(&self, _: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        Some(plan::Step::Answer { share: self.share, status: self.answer })
    }
}
