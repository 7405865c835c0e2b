use std::time::Duration;

use cascadia_runtime::Time;

use super::{LoadId, ServiceId};

/// A window of time over which something is measured exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What is measured.
    pub subject: Subject,
    /// The beginning, included.
    pub from: Time,
    /// The end, excluded.
    pub until: Time,
    /// Successes faster than this are counted exactly.
    pub below: Option<Duration>,
}

/// What a probe measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A source of load.
    Load(LoadId),
    /// A service.
    Service(ServiceId),
}
