use cascadia_models::plan::{Effect, Fate};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::place::{Place, between};

/// No message comes through.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Partition {
    /// One side, a selector or a load; everybody.
    from: Option<String>,
    /// The other side; everybody.
    to: Option<String>,
    /// Which way; both.
    #[serde(default)]
    direction: Direction,
}

/// Which way messages are stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Direction {
    /// Both ways.
    #[default]
    Both,
    /// Only from `from` to `to`.
    Forward,
}

impl Kind for Partition {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let both = self.direction == Direction::Both;
        let (from, to) = (place.side("from"), place.side("to"));
        Effect::between(move |message| {
            let back = both && message.passes(&to, &from);
            if back || message.passes(&from, &to) { Fate::Lost } else { Fate::Untouched }
        })
    }

    fn words(&self) -> String {
        let arrow = if self.direction == Direction::Both { "↔" } else { "→" };
        format!("partition {}", between(self.from.as_deref(), arrow, self.to.as_deref()))
    }
}
