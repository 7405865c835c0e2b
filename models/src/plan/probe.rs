use std::time::Duration;

use cascadia_runtime::Time;

use super::{LayerId, LoadId, ServiceId};

/// A window of time over which something is measured exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What is measured.
    pub subject: Subject,
    /// The beginning, included.
    pub from: Time,
    /// The end, excluded unless it is that of the run.
    pub until: Time,
    /// How closely.
    pub depth: Depth,
}

/// How closely a probe looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// What happens in the window is counted.
    Events,
    /// Besides, the requests whose intended send lies in it are followed to their ends.
    Requests {
        /// Successes faster than this are counted exactly.
        below: Option<Duration>,
    },
    /// What happens at each replica of a service is counted by itself.
    Replicas,
}

/// What a probe measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A source of load.
    Load(LoadId),
    /// A service.
    Service(ServiceId),
    /// A group of components other than a service, or one of its parts.
    Component(ServiceId, Option<u32>),
    /// A layer of a stack, on all its ways.
    Layer(LayerId),
}
