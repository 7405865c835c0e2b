use std::any::Any;
use std::fmt;
use std::panic::Location;

use cascadia_runtime::Time;

use crate::digest::Digest;

/// Why a run could not go on. The world is as it was at that moment and cannot be continued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunError {
    /// Nothing will ever happen again, and what was waited for has not come.
    Deadlock {
        /// The instant.
        at: Time,
        /// Tasks that wait, at most ten.
        tasks: Vec<TaskName>,
    },
    /// Too much happened without the clock moving on.
    Livelock {
        /// The instant.
        at: Time,
        /// Tasks that run in it without end, at most ten.
        tasks: Vec<TaskName>,
    },
    /// More is under way, or kept, than there is room for.
    Exhausted {
        /// The instant.
        at: Time,
        /// About how many bytes it takes.
        bytes: u64,
    },
    /// The same run was made once more, and was another one.
    Another {
        /// The fingerprint of the first.
        first: Digest,
        /// That of the second.
        second: Digest,
    },
    /// A task or a callback panicked.
    Panicked {
        /// The instant.
        at: Time,
        /// Who: a task, where it was one.
        task: Option<TaskName>,
        /// What the panic said.
        message: String,
    },
}

/// Most tasks that a report names.
pub(crate) const MOST_NAMES: usize = 10;

impl RunError {
    pub(crate) fn panicked(at: Time, task: Option<TaskName>, panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Self::Panicked { at, task, message: text.unwrap_or_else(|| "no message".to_owned()) }
    }
}

/// A task, for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskName {
    /// The node that it runs on.
    pub node: String,
    /// Where it was spawned.
    pub spawned: &'static Location<'static>,
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (spawned at {})", self.node, self.spawned)
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deadlock { at, tasks } => {
                let tasks = list(tasks);
                write!(f, "nothing will happen after {at:?}, and tasks still wait: {tasks}")
            }
            Self::Livelock { at, tasks } => {
                let tasks = list(tasks);
                write!(f, "time stands still at {at:?}, where tasks run without end: {tasks}")
            }
            Self::Exhausted { at, bytes } => {
                let megabytes = bytes / 1_000_000;
                write!(
                    f,
                    "at {at:?} requests under way and what is kept take about {megabytes} MB, which is too much"
                )
            }
            Self::Another { first, second } => {
                write!(
                    f,
                    "made once more, the run is another one: its digest was {first} and is {second}"
                )
            }
            Self::Panicked { at, task: Some(task), message } => {
                write!(f, "a task of {task} panicked at {at:?}: {message}")
            }
            Self::Panicked { at, task: None, message } => {
                write!(f, "a callback panicked at {at:?}: {message}")
            }
        }
    }
}

fn list(tasks: &[TaskName]) -> String {
    let tasks: Vec<_> = tasks.iter().map(TaskName::to_string).collect();
    if tasks.is_empty() { "none that is known".to_owned() } else { tasks.join(", ") }
}

impl std::error::Error for RunError {}
