use std::sync::Arc;

use crate::messaging::Bytes;

/// What is wanted of a saga from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// By its user: that it goes back. It says nothing to one that has passed its pivot.
    Cancel,
    /// By anybody: that something has happened which a step waits for.
    Signal {
        /// What.
        name: Arc<str>,
        /// What there is to say of it.
        body: Bytes,
    },
    /// By an operator: to try again what it is stuck at.
    Retry,
    /// By an operator: that a step was seen to by hand, and counts as done, or as undone if the saga is stuck at it.
    Skip {
        /// The step's name.
        step: Arc<str>,
    },
    /// By an operator: that it goes back even from behind its pivot. At what has no undo it is stuck.
    Force,
}
