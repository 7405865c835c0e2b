use std::sync::Arc;

use cascadia_models::plan::{self, After, Effect};

use super::FaultKind;
use super::pick::Pick;
use super::place::Place;
use crate::decode::{Text, object, words};
use crate::status::Status;
use crate::units::{Part, share_text};

object! {
    /// Requests are answered with an error.
    pub(super) struct Errors {
        /// A selector of replicas.
        target: Text,
        /// The share of requests.
        rate: Part,
        /// How many of the selected: "all", "one" or a share.
        pick: Pick = Pick::All,
        /// Only requests for this endpoint of theirs.
        endpoint: Option<Text> => "any",
        /// What the error is called: an HTTP status from 400 to 599, or a gRPC code by its name.
        status: Option<Status> => "an error that another try may help",
        /// What has been done by then. After the work, the error is in place of its answer: who asks
        /// cannot know that it was done.
        after: After = After::Arrival,
    }
}

words! {
    /// What has been done of a request that is answered with an error.
    "After" for After {
        /// Nothing.
        arrival => After::Arrival,
        /// All of its work.
        work => After::Work,
    }
}

impl FaultKind for Errors {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let target = place.workers(self.pick);
        let endpoints = self.endpoint.as_deref().map(|name| place.endpoints(name, &target));
        let (rate, status, after) = (self.rate, self.status, self.after);
        let errors = Arc::new(plan::Errors { rate, endpoints, status, after });
        Effect::on(target, move |hit| hit.err(&errors))
    }

    fn failing(&self) -> f64 {
        self.rate
    }

    fn words(&self) -> String {
        let of = self.endpoint.as_ref().map_or_else(String::new, |of| format!("of {of} "));
        let after = if self.after == After::Work { " after the work" } else { "" };
        let whom = self.pick.of(&self.target);
        format!("errors {} {of}on {whom}{after}", share_text(self.rate))
    }
}
