//! The queue of the engine, from its sources: it is not public.

/// As in the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Everything but deadlines.
    Event = 0,
    /// Deadlines.
    Deadline = 1,
}

pub(crate) mod own;
