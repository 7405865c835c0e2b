use std::sync::Arc;

use cascadia_runtime::Time;

use crate::hop::{Reply, Slot};
use crate::request::{Answer, Request};

/// A request at a replica.
pub(crate) struct Job {
    pub(super) request: Request,
    pub(super) slot: Arc<Slot>,
    pub(super) reply: Reply,
    pub(super) arrived: Time,
}

impl Job {
    pub(crate) fn new(request: Request, slot: Arc<Slot>, reply: Reply, arrived: Time) -> Self {
        Self { request, slot, reply, arrived }
    }

    /// The key of its work.
    pub(super) fn key(&self) -> u64 {
        self.request.attempt_key()
    }

    pub(super) fn answer(self, answer: Answer) {
        self.reply.send(self.slot, answer);
    }
}
