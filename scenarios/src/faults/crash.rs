use cascadia_models::plan::Effect;

use super::FaultKind;
use super::pick::Pick;
use super::place::Place;
use crate::decode::{Text, object};

object! {
    /// Replicas stop without a word and come back empty.
    pub(super) struct Crash {
        /// A selector of replicas.
        target: Text,
        /// How many of the selected: "all", "one" or a share.
        pick: Pick = Pick::All,
    }
}

impl FaultKind for Crash {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        Effect::on(place.target(self.pick), |hit| hit.stop())
    }

    fn hanging(&self) -> f64 {
        1.0
    }

    fn words(&self) -> String {
        format!("crash of {}", self.pick.of(&self.target))
    }
}
