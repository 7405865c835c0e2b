use cascadia_models::plan::Effect;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::pick::Pick;
use super::place::Place;
use crate::units::{Share, share_text};

/// Requests are answered with an error.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Errors {
    /// A selector of replicas.
    target: String,
    /// The share of requests.
    rate: Share,
    /// How many of the selected: "all", "one" or a share.
    #[serde(default)]
    pick: Pick,
}

impl Kind for Errors {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let rate = place.share("rate", self.rate);
        Effect::on(place.workers(self.pick), move |hit| hit.fail(rate))
    }

    fn words(&self) -> String {
        format!("errors {} on {}", share_text(self.rate.0), self.pick.of(&self.target))
    }
}
