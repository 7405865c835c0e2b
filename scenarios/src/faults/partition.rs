use cascadia_models::plan::{Effect, Fate};

use super::FaultKind;
use super::place::{Place, between};
use crate::decode::{Text, object, words};

object! {
    /// No message comes through.
    pub(super) struct Partition {
        /// One side, a selector or a load.
        from: Option<Text> => "everybody",
        /// The other side.
        to: Option<Text> => "everybody",
        /// Which way.
        direction: Direction = Direction::Both,
    }
}

/// Which way messages are stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Both,
    Forward,
}

words! {
    /// Which way messages are stopped.
    "Direction" for Direction {
        /// Both ways.
        both => Direction::Both,
        /// Only from `from` to `to`.
        forward => Direction::Forward,
    }
}

impl FaultKind for Partition {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let both = self.direction == Direction::Both;
        let (from, to) = (place.side("from"), place.side("to"));
        Effect::between(move |message| {
            let back = both && message.passes(&to, &from);
            if back || message.passes(&from, &to) { Fate::Lost } else { Fate::Untouched }
        })
    }

    fn hanging(&self) -> f64 {
        1.0
    }

    fn words(&self) -> String {
        let arrow = if self.direction == Direction::Both { "↔" } else { "→" };
        format!("partition {}", between(self.from.as_deref(), arrow, self.to.as_deref()))
    }
}
