use std::sync::Arc;

use cascadia_runtime::Time;

use crate::exchange::Exchange;

/// A request at a replica.
pub(super) struct Job {
    pub(super) exchange: Arc<Exchange>,
    /// When it asked for a worker.
    pub(super) arrived: Time,
}

/// A busy worker that needs no task: how long its work takes is known beforehand.
pub(super) struct Busy {
    pub(super) exchange: Arc<Exchange>,
    pub(super) since: Time,
}
