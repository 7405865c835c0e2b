use std::sync::Arc;

use cascadia_runtime::Time;

use super::Replica;
use crate::exchange::Exchange;
use crate::model::Model;
use crate::plan::Instance;

/// A busy worker that needs no task: how long its work takes is known beforehand.
pub(super) struct Busy {
    pub(super) exchange: Arc<Exchange>,
    pub(super) since: Time,
}

/// A busy worker with a task. Dropped, it takes up the next job.
pub(super) struct Worker {
    model: Arc<Model>,
    replica: Instance,
    incarnation: u64,
    exchange: Arc<Exchange>,
    since: Time,
}

impl Worker {
    /// A worker of the life `incarnation`, busy from `since` on.
    pub(super) fn new(
        model: Arc<Model>,
        replica: Instance,
        incarnation: u64,
        exchange: Arc<Exchange>,
        since: Time,
    ) -> Self {
        Self { model, replica, incarnation, exchange, since }
    }

    pub(super) async fn work(self) {
        let replica = self.replica();
        let answer = replica.settings.script.run(&self.exchange, replica).await;
        replica.complete(&self.model, &self.exchange, answer);
    }

    fn replica(&self) -> &Replica {
        self.model.replica(self.replica)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.replica().release(&self.model, self.incarnation, self.since, &self.exchange);
    }
}
