use cascadia_models::plan::{Effect, Skew};

use super::FaultKind;
use super::pick::Pick;
use super::place::Place;
use crate::decode::{Text, choice, object};
use crate::units::{Duration, Part, duration_text, nanos, share_text};

object! {
    /// Wall clocks are wrong. No policy goes by them: what is written down with a date may.
    pub(super) struct Clock {
        /// A selector of replicas, or a load, whose clients have one clock.
        target: Option<Text> => "everybody",
        /// How many of the selected: "all", "one" or a share.
        pick: Pick = Pick::All,
    }
    one of Wrong::KINDS as wrong: Off, "a clock"
}

/// How a clock is wrong.
#[derive(Clone, Copy, Debug)]
pub(super) enum Off {
    Ahead(std::time::Duration),
    Behind(std::time::Duration),
    Fast(f64),
    Slow(f64),
}

choice! {
    /// How a clock is wrong.
    pub(super) enum Wrong: Off {
        /// It is set so much ahead, and back at the end.
        ahead(Duration) => Off::Ahead,
        /// It is set back so much, and ahead at the end.
        behind(Duration) => Off::Behind,
        /// It gains this share of the time that passes.
        fast(Part) => Off::Fast,
        /// It loses this share of the time that passes.
        slow(Part) => Off::Slow,
    }
}

impl Off {
    fn skew(self) -> Skew {
        let whole = |duration| i64::try_from(nanos(duration)).unwrap_or(i64::MAX);
        let part = |share: f64| (share * 1e9).round() as i64;
        match self {
            Self::Ahead(by) => Skew { ahead: whole(by), gains: 0 },
            Self::Behind(by) => Skew { ahead: -whole(by), gains: 0 },
            Self::Fast(share) => Skew { ahead: 0, gains: part(share) },
            Self::Slow(share) => Skew { ahead: 0, gains: -part(share) },
        }
    }

    fn words(self) -> String {
        let time = |by| duration_text(nanos(by) as f64);
        match self {
            Self::Ahead(by) => format!("{} ahead", time(by)),
            Self::Behind(by) => format!("{} behind", time(by)),
            Self::Fast(share) => format!("{} fast", share_text(share)),
            Self::Slow(share) => format!("{} slow", share_text(share)),
        }
    }
}

impl FaultKind for Clock {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        Effect::Clocks(place.parties(self.pick), self.wrong.skew())
    }

    fn failing(&self) -> f64 {
        0.0
    }

    fn words(&self) -> String {
        let whose = self.target.as_deref().unwrap_or("everybody");
        format!("clock of {} {}", self.pick.of(whose), self.wrong.words())
    }
}
