use cascadia_models::plan::{Effect, Fate};

use super::FaultKind;
use super::place::{Place, between};
use crate::decode::{Text, object};
use crate::units::{Duration, Part, share_text};

object! {
    /// Messages of brokers and of other components come twice. Requests and their answers do not.
    pub(super) struct Duplicate {
        /// One side, a selector or a load.
        from: Option<Text> => "everybody",
        /// The other side.
        to: Option<Text> => "everybody",
        /// The share of messages.
        rate: Part,
        /// How much later the second one comes at most.
        within: Duration = std::time::Duration::from_millis(10),
    }
}

impl FaultKind for Duplicate {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        place.some(self.rate, self.within, |add| Fate::Twice { add })
    }

    fn failing(&self) -> f64 {
        0.0
    }

    fn words(&self) -> String {
        let between = between(self.from.as_deref(), "↔", self.to.as_deref());
        format!("duplicate {} {between}", share_text(self.rate))
    }
}
