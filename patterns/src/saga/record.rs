use std::sync::Arc;

use cascadia_runtime::Wall;

use super::direction::Direction;
use super::fault::Fault;
use super::ids::{Epoch, SagaId};
use crate::messaging::Bytes;

/// A line of the log of a saga. It is durable before anything is done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, by the clock of who wrote it.
    pub at: Wall,
    /// Who wrote it. No entry has an earlier one than the entry before it.
    pub epoch: Epoch,
    /// What has happened, or is about to.
    pub record: Record,
}

/// What has happened to a saga, or is about to. Steps are named by their number, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// The saga began.
    Started {
        /// By the definition of this name.
        definition: Arc<str>,
        /// Which one of these.
        version: u32,
        /// What it is about.
        input: Bytes,
    },
    /// A command is about to be sent.
    Intent {
        /// To do the step, to undo it, or to release its locks.
        direction: Direction,
        /// Which step.
        step: u32,
        /// From 1.
        attempt: u32,
    },
    /// It was done.
    Done {
        /// What was.
        direction: Direction,
        /// Which step.
        step: u32,
        /// With this result.
        output: Bytes,
    },
    /// It will never be done: the participant has written that down.
    Refused {
        /// Which step.
        step: u32,
        /// Why.
        fault: Fault,
    },
    /// An attempt has done nothing.
    Failed {
        /// What was attempted.
        direction: Direction,
        /// Which step.
        step: u32,
        /// Why.
        fault: Fault,
        /// By the kind of the fault, no other attempt would help.
        is_final: bool,
    },
    /// Somebody else has what the step needs. No attempt is counted for it.
    Locked {
        /// What was attempted.
        direction: Direction,
        /// Which step.
        step: u32,
        /// Who has it.
        by: SagaId,
    },
    /// An attempt was not answered in time.
    Unknown {
        /// What was attempted.
        direction: Direction,
        /// Which step.
        step: u32,
    },
    /// A signal came from outside.
    Signalled {
        /// Its name.
        name: Arc<str>,
        /// What it says.
        body: Bytes,
    },
    /// It is to end without being completed, if it still can.
    Stopped(Stop),
    /// From here on it goes back.
    Compensating,
    /// A step cannot be undone. The saga keeps its locks and waits for an operator.
    Stuck {
        /// Which step.
        step: u32,
    },
    /// An operator has the saga try again what it is stuck at.
    Retried,
    /// An operator has seen to a step by hand.
    Skipped {
        /// Which step.
        step: u32,
    },
    /// Every step is done. The end.
    Completed,
    /// Nothing is left of any step. The end.
    Compensated,
}

/// Why a saga is to end without being completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its user has cancelled it.
    Cancelled,
    /// It has taken too long.
    TimedOut,
    /// An operator wants it to go back, even from behind its pivot.
    Forced,
}
