use cascadia_models::plan::{Effect, Fate};

use super::FaultKind;
use super::place::{Place, between};
use crate::decode::{Text, object};
use crate::units::{Part, share_text};

object! {
    /// Messages are lost.
    pub(super) struct Loss {
        /// One side, a selector or a load.
        from: Option<Text> => "everybody",
        /// The other side.
        to: Option<Text> => "everybody",
        /// The share of messages.
        rate: Part,
    }
}

impl FaultKind for Loss {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let rate = self.rate;
        let (from, to) = (place.side("from"), place.side("to"));
        Effect::between(move |message| {
            let lost = message.passes_between(&from, &to) && message.drawn(rate);
            if lost { Fate::Lost } else { Fate::Untouched }
        })
    }

    fn failing(&self) -> f64 {
        self.rate
    }

    fn hanging(&self) -> f64 {
        self.rate
    }

    fn words(&self) -> String {
        let between = between(self.from.as_deref(), "↔", self.to.as_deref());
        format!("loss {} {between}", share_text(self.rate))
    }
}
