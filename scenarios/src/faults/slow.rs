use cascadia_models::plan::Effect;

use super::FaultKind;
use super::pick::Pick;
use super::place::Place;
use crate::decode::{Text, object, words};
use crate::units::short;

object! {
    /// Work takes longer.
    pub(super) struct Slow {
        /// A selector of replicas.
        target: Text,
        /// How many times longer.
        factor: f64,
        /// Which work.
        mode: SlowMode = SlowMode::Start,
        /// How many of the selected: "all", "one" or a share.
        pick: Pick = Pick::All,
    }
}

/// Which work is stretched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlowMode {
    Start,
    Rate,
}

words! {
    /// Which work is stretched.
    "SlowMode" for SlowMode {
        /// Work begun while the fault lasts, to its end.
        start => SlowMode::Start,
        /// All work in progress, while the fault lasts.
        rate => SlowMode::Rate,
    }
}

impl FaultKind for Slow {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let mode = self.mode;
        let factor = place.factor("factor", self.factor, mode == SlowMode::Rate);
        Effect::on(place.workers(self.pick), move |hit| match mode {
            SlowMode::Start => hit.slow(factor),
            SlowMode::Rate => hit.stretch(factor),
        })
    }

    fn factor(&self) -> f64 {
        self.factor
    }

    fn words(&self) -> String {
        format!("slow ×{} on {}", short(self.factor), self.pick.of(&self.target))
    }
}
