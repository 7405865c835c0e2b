//! What both engines are asked with.

use std::panic::Location;

/// Names a node of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// The world itself: it is never killed.
    pub(super) const WORLD: Self = Self(0);
}

/// What runs first within one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Deliveries, completions, sleeps.
    Event = 0,
    /// Deadlines: after everything that is on time.
    Deadline = 1,
}

/// Where a task was spawned.
pub(crate) type Caller = &'static Location<'static>;
