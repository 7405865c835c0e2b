//! What both engines are asked with.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;

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

/// A task's future.
pub(crate) type TaskFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A task to be spawned.
pub(crate) struct NewTask {
    pub(crate) future: TaskFuture,
    pub(crate) spawned: &'static Location<'static>,
}
