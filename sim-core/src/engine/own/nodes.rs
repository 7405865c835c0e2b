use super::tasks::TaskId;

/// Names a node of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// The world itself: it is never killed.
    pub(super) const WORLD: Self = Self(0);
}

/// What the engine knows of a node.
pub(super) struct Node {
    pub(super) name: String,
    pub(super) alive: bool,
    pub(super) paused: bool,
    pub(super) pace: f64,
    /// Tasks that became ready while it was paused.
    pub(super) parked: Vec<TaskId>,
}

impl Node {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), alive: true, paused: false, pace: 1.0, parked: Vec::new() }
    }
}
