use cascadia_models::plan::Effect;

use super::FaultKind;
use super::pick::Pick;
use super::place::Place;
use crate::decode::{Text, object};

object! {
    /// Processes die and come back empty: connections are reset and refused.
    pub(super) struct Refuse {
        /// A selector of replicas.
        target: Text,
        /// How many of the selected: "all", "one" or a share.
        pick: Pick = Pick::All,
    }
}

impl FaultKind for Refuse {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        Effect::on(place.target(self.pick), |hit| hit.die())
    }

    fn words(&self) -> String {
        format!("connections refused by {}", self.pick.of(&self.target))
    }
}
