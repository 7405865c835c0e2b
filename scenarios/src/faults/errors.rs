use cascadia_models::plan::Effect;

use super::FaultKind;
use super::pick::Pick;
use super::place::Place;
use crate::decode::{Text, object};
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
    }
}

impl FaultKind for Errors {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let rate = self.rate;
        Effect::on(place.workers(self.pick), move |hit| hit.fail(rate))
    }

    fn words(&self) -> String {
        format!("errors {} on {}", share_text(self.rate), self.pick.of(&self.target))
    }
}
