use cascadia_models::plan::{Effect, Fate};

use super::FaultKind;
use super::place::{Place, between};
use crate::decode::{Text, object};
use crate::diagnostics::Diagnostic;
use crate::laws::Law;
use crate::units::{duration_text, short};

object! {
    /// Messages take longer.
    pub(super) struct Latency {
        /// One side, a selector or a load.
        from: Option<Text> => "everybody",
        /// The other side.
        to: Option<Text> => "everybody",
        /// Added to every message.
        add: Option<Law> => "nothing",
        /// Times the latency of the link.
        factor: Option<f64> => "1",
    }
}

impl FaultKind for Latency {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let law = self.add.clone();
        let factor = self.factor.map_or(1.0, |factor| place.factor("factor", factor, false));
        if self.add.is_none() && self.factor.is_none() {
            let message = "a latency fault needs `add` or `factor`";
            place.report(Diagnostic::error("S006", message).at(place.node.span, "neither"));
        }
        let (from, to) = (place.side("from"), place.side("to"));
        Effect::between(move |message| {
            if !message.passes_between(&from, &to) {
                return Fate::Untouched;
            }
            Fate::Delayed { factor, add: law.as_ref().map_or(0, |law| message.sample(law)) }
        })
    }

    fn words(&self) -> String {
        let mut parts = Vec::new();
        if let Some(law) = &self.add {
            parts.push(format!("+{}", duration_text(law.mean())));
        }
        if let Some(factor) = self.factor.filter(|factor| *factor != 1.0) {
            parts.push(format!("×{}", short(factor)));
        }
        let between = between(self.from.as_deref(), "↔", self.to.as_deref());
        format!("latency {} {between}", parts.join(" "))
    }
}
