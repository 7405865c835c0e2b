use super::fault::Fault;
use crate::messaging::{Bytes, Delivery, Settle};

/// A delivery, and how far it is.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) delivery: Delivery,
    pub(super) stage: Stage,
    /// The lane that it holds up.
    pub(super) lane: Option<Bytes>,
    /// How often it was tried here.
    pub(super) tries: u32,
    /// How often it was settled in vain.
    pub(super) asked: u32,
    /// What it was settled as may have arrived.
    pub(super) is_doubtful: bool,
    /// Somebody else has it, or will have it.
    pub(super) is_overtaken: bool,
}

impl Job {
    /// Which attempt is made, or was made last.
    pub(super) const fn attempts(&self) -> u32 {
        self.delivery.attempt + self.tries.saturating_sub(1)
    }

    /// It, as whoever handles it gets it: with the attempts that were made here.
    pub(super) fn handed(&self) -> Delivery {
        Delivery { attempt: self.attempts(), ..self.delivery.clone() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Behind another one of its key.
    Queued,
    /// To be acknowledged before it is handled.
    Claiming,
    Ready,
    Running,
    /// It failed, and rests.
    Resting,
    /// It was handled, and waits for company to be acknowledged.
    Handled,
    /// It ends so, as soon as the broker says so.
    Settling(Settle),
}

impl Stage {
    /// Whether it takes time that the broker may have to give.
    pub(super) const fn takes_time(&self) -> bool {
        !matches!(self, Self::Settling(_) | Self::Claiming)
    }
}

/// How a handler ended.
pub(super) type Ended = Result<(), Fault>;
