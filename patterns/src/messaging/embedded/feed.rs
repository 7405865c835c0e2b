use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_runtime::Runtime;

use super::shared::Shared;
use crate::messaging::error::BrokerError;
use crate::messaging::feed::{Fed, Feed};

/// A feed of an embedded broker.
pub(super) struct EmbeddedFeed<R: Runtime> {
    pub(super) shared: Arc<Shared<R>>,
    pub(super) id: u64,
}

impl<R: Runtime> fmt::Debug for EmbeddedFeed<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedFeed").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<R: Runtime> Feed for EmbeddedFeed<R> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Fed, BrokerError>>> {
        self.shared.act(|state, now| state.poll_feed(now, self.id, context.waker()))
    }

    fn credit(&mut self, most: u32) {
        self.shared.act(|state, _| state.set_credit(self.id, most));
    }

    fn drain(&mut self) {
        self.shared.act(|state, _| state.drain_feed(self.id));
    }
}

impl<R: Runtime> Drop for EmbeddedFeed<R> {
    fn drop(&mut self) {
        self.shared.act(|state, now| state.close_feed(now, self.id));
    }
}
