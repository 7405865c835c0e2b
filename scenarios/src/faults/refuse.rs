use cascadia_models::plan::Effect;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::pick::Pick;
use super::place::Place;

/// Processes die.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refuse {
    /// A selector of replicas.
    target: String,
    /// How many of the selected: "all", "one" or a share.
    #[serde(default)]
    pick: Pick,
}

impl Kind for Refuse {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        Effect::on(place.target(self.pick), |hit| hit.die())
    }

    fn words(&self) -> String {
        format!("connections refused by {}", self.pick.of(&self.target))
    }
}
