use cascadia_models::plan::{Effect, Fate};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::place::{Place, between};
use crate::units::{Share, share_text};

/// Messages are lost.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Loss {
    /// One side, a selector or a load; everybody.
    from: Option<String>,
    /// The other side; everybody.
    to: Option<String>,
    /// The share of messages.
    rate: Share,
}

impl Kind for Loss {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let rate = place.share("rate", self.rate);
        let (from, to) = (place.side("from"), place.side("to"));
        Effect::between(move |message| {
            let lost = message.passes_between(&from, &to) && message.drawn(rate);
            if lost { Fate::Lost } else { Fate::Untouched }
        })
    }

    fn words(&self) -> String {
        let between = between(self.from.as_deref(), "↔", self.to.as_deref());
        format!("loss {} {between}", share_text(self.rate.0))
    }
}
