use cascadia_models::laws::Law;
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
        let rate = self.rate;
        let (from, to) = (place.side("from"), place.side("to"));
        let later = Law::Uniform { low: 0.0, high: self.within.as_nanos() as f64 };
        Effect::between(move |message| {
            if !message.passes_between(&from, &to) {
                return Fate::Untouched;
            }
            message.sampled(rate, &later).map_or(Fate::Untouched, |add| Fate::Twice { add })
        })
    }

    fn words(&self) -> String {
        let between = between(self.from.as_deref(), "↔", self.to.as_deref());
        format!("duplicate {} {between}", share_text(self.rate))
    }
}
