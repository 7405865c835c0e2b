use std::sync::Arc;

use cascadia_runtime::Time;

use crate::exchange::Exchange;

/// A request at a replica.
pub(crate) struct Job {
    pub(super) exchange: Arc<Exchange>,
    /// When it asked for a worker.
    pub(super) arrived: Time,
}

impl Job {
    pub(crate) fn new(exchange: Arc<Exchange>, arrived: Time) -> Self {
        Self { exchange, arrived }
    }
}
