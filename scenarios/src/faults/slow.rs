use cascadia_models::plan::Effect;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::pick::Pick;
use super::place::Place;
use crate::units::short;

/// Work takes longer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Slow {
    /// A selector of replicas.
    target: String,
    /// How many times longer.
    factor: f64,
    /// Which work; that begun meanwhile.
    #[serde(default)]
    mode: SlowMode,
    /// How many of the selected: "all", "one" or a share.
    #[serde(default)]
    pick: Pick,
}

/// Which work is stretched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum SlowMode {
    /// Work begun while the fault lasts, to its end.
    #[default]
    Start,
    /// All work in progress, while the fault lasts.
    Rate,
}

impl Kind for Slow {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let mode = self.mode;
        let factor = place.factor(self.factor, mode == SlowMode::Rate);
        Effect::on(place.workers(self.pick), move |hit| match mode {
            SlowMode::Start => hit.slow(factor),
            SlowMode::Rate => hit.stretch(factor),
        })
    }

    fn words(&self) -> String {
        format!("slow ×{} on {}", short(self.factor), self.pick.of(&self.target))
    }
}
