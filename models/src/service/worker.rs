use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;

use super::Replica;
use crate::exchange::Exchange;
use crate::model::Model;
use crate::plan::Instance;

/// A busy worker. Dropped, it takes up the next job.
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

    /// Works as a task.
    pub(super) async fn work(self) {
        let replica = self.replica();
        let answer = replica.settings.script.run(&self.exchange, replica).await;
        replica.complete(&self.model, Arc::clone(&self.exchange), answer);
    }

    /// Works for `time` and is done. It needs no task, and nothing ends it but the end of the
    /// replica's life.
    pub(super) fn work_for(self, time: Duration) {
        let sim = self.model.sim;
        sim.at(self.since + time, move || {
            let replica = self.replica();
            if replica.lives(self.incarnation) {
                replica.complete(&self.model, Arc::clone(&self.exchange), Ok(()));
            }
        });
    }

    fn replica(&self) -> &Replica {
        self.model.replica(self.replica)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let abandoned = self.exchange.abandoned();
        self.replica().release(&self.model, self.incarnation, self.since, abandoned);
    }
}
