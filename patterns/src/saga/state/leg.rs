use cascadia_runtime::Wall;

use crate::messaging::Bytes;

/// How far a command of a step has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leg {
    /// It was never sent.
    #[default]
    Untried,
    /// An attempt is under way.
    Asked(Attempt),
    /// An attempt has come to nothing, or nobody knows what to. Another one may follow.
    Rests(Attempt),
    /// After this fault no attempt follows.
    GivenUp,
    /// It will never be done.
    Refused,
    /// It is done.
    Done,
}

/// An attempt, or the rest after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// How many there were, with it. One that has met a lock is not counted any more when it rests.
    pub number: u32,
    /// When it, or the rest after it, began.
    pub at: Wall,
    /// Since when it has found nothing but locks.
    pub locked: Option<Wall>,
}

/// How far a step has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepState {
    /// To do it.
    pub act: Leg,
    /// To undo it.
    pub undo: Leg,
    /// To release its locks.
    pub release: Leg,
    /// Its result.
    pub output: Bytes,
    /// How many steps were done before it.
    pub order: u32,
    /// An operator has seen to it by hand.
    pub is_skipped: bool,
}

impl Default for StepState {
    fn default() -> Self {
        Self {
            act: Leg::Untried,
            undo: Leg::Untried,
            release: Leg::Untried,
            output: Bytes::default(),
            order: 0,
            is_skipped: false,
        }
    }
}

impl Leg {
    /// How many attempts were counted.
    pub fn attempts(self) -> u32 {
        match self {
            Self::Asked(attempt) | Self::Rests(attempt) => attempt.number,
            _ => 0,
        }
    }

    pub(super) fn asked(self, number: u32, at: Wall) -> Self {
        let locked = match self {
            Self::Rests(before) => before.locked,
            _ => None,
        };
        Self::Asked(Attempt { number, at, locked })
    }

    pub(super) fn failed(self, at: Wall) -> Self {
        Self::Rests(Attempt { number: self.attempts(), at, locked: None })
    }

    pub(super) fn locked(self, at: Wall) -> Self {
        let since = match self {
            Self::Asked(attempt) => attempt.locked,
            _ => None,
        };
        let number = self.attempts().saturating_sub(1);
        Self::Rests(Attempt { number, at, locked: Some(since.unwrap_or(at)) })
    }
}
