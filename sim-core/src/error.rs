use std::fmt;

use cascadia_runtime::Time;

/// Why a run could not go on. The world is as it was at that moment and cannot be continued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunError {
    /// Too much happened without the clock moving on.
    Livelock {
        /// The instant.
        at: Time,
        /// The nodes whose tasks ran most in it, most first.
        nodes: Vec<String>,
    },
    /// A task panicked.
    Panicked {
        /// The instant.
        at: Time,
        /// The node that the task ran on.
        node: String,
        /// What the panic said.
        message: String,
    },
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Livelock { at, nodes } => write!(
                f,
                "time stands still at {at:?}: tasks on {} run without end and none of them waits",
                nodes.join(", ")
            ),
            Self::Panicked { at, node, message } => {
                write!(f, "a task on {node} panicked at {at:?}: {message}")
            }
        }
    }
}

impl std::error::Error for RunError {}
