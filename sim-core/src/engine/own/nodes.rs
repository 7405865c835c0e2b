use super::tasks::TaskId;

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
