use cascadia_models::plan::{Effect, Fate};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::place::{Place, between};
use crate::diagnostics::Diagnostic;
use crate::dto::Law;
use crate::units::{duration_text, short};

/// Messages take longer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Latency {
    /// One side, a selector or a load; everybody.
    from: Option<String>,
    /// The other side; everybody.
    to: Option<String>,
    /// Added to every message.
    add: Option<Law>,
    /// Times the latency of the link; 1.
    factor: Option<f64>,
}

impl Kind for Latency {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let law = self.add.as_ref().map(|add| place.law("add", add));
        let factor = self.factor.map_or(1.0, |factor| place.factor(factor, false));
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
        if let Some(Ok(law)) = self.add.as_ref().map(Law::resolve) {
            parts.push(format!("+{}", duration_text(law.mean())));
        }
        if let Some(factor) = self.factor.filter(|factor| *factor != 1.0) {
            parts.push(format!("×{}", short(factor)));
        }
        let between = between(self.from.as_deref(), "↔", self.to.as_deref());
        format!("latency {} {between}", parts.join(" "))
    }
}
