use cascadia_models::plan;

use super::StepKind;
use super::place::Place;
use super::status::Status;
use crate::decode::object;
use crate::units::Part;

object! {
    /// Ends requests with an error.
    pub(super) struct Fail {
        /// The share of requests that end here, such as "20%"; "100%" is all of them.
        fail: Part,
        /// What the error is called: an HTTP status from 400 to 599, or a gRPC code by its name.
        /// By it policies judge the answer. Of HTTP, 4xx says nothing against the server and is
        /// not retried, but for 408, 425 and 429; these and 500, 502, 503 and 504 are retried,
        /// other 5xx are failures that no retry mends, and 429 and 503 are overload. Of gRPC,
        /// UNAVAILABLE is a failure that is retried; RESOURCE_EXHAUSTED is overload, and with
        /// UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL and DATA_LOSS a failure that is not;
        /// CANCELLED counts for nothing, and what is left says nothing against the server. Only
        /// the direct caller sees it.
        status: Option<Status> => "an error that another try may help",
    }
}

impl StepKind for Fail {
    fn plan(&self, _: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        Some(plan::Step::Fail { share: self.fail, status: self.status })
    }
}
