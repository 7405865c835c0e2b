use std::sync::Arc;

use slab::Slab;

use super::job::Busy;
use super::mail::Mail;
use super::queue::Queue;
use crate::exchange::{Exchange, Route};
use crate::layers::AtQueue;

/// What a life leaves behind. Its drop may call back.
pub(super) struct Remains {
    /// The requests whose tasks ended with it.
    pub(super) cut: Vec<Arc<Exchange>>,
    pub(super) queue: Queue,
    pub(super) working: Slab<Busy>,
    pub(super) _routes: Vec<Route>,
    pub(super) _members: Arc<[Route]>,
    pub(super) _inbound: Option<Route>,
    pub(super) _at_queue: AtQueue,
    pub(super) mail: Mail,
}

impl Remains {
    /// The requests that nobody answers any more.
    pub(super) fn exchanges(&self) -> impl Iterator<Item = &Arc<Exchange>> {
        let waiting = self.queue.iter().map(|job| &job.exchange);
        let working = self.working.iter().map(|(_, busy)| &busy.exchange);
        self.cut.iter().chain(waiting).chain(working)
    }
}
