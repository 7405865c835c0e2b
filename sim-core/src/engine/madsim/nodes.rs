use ::madsim::runtime::NodeHandle;

/// What the engine knows of a node.
pub(super) struct Node {
    pub(super) name: String,
    /// Where its tasks run, in its present life.
    pub(super) place: NodeHandle,
    pub(super) alive: bool,
    pub(super) paused: bool,
    pub(super) pace: f64,
}

impl Node {
    pub(super) fn new(name: &str, place: NodeHandle) -> Self {
        Self { name: name.to_owned(), place, alive: true, paused: false, pace: 1.0 }
    }
}
