use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_runtime::Runtime;

use super::desk::Desk;
use crate::messaging::{
    AckMode, BrokerError, DeliveryId, Fed, Feed, Generation, Sharing, Subscription,
};
use crate::sync::lock;

/// One that subscribes.
pub(super) struct DeskFeed {
    pub(super) desk: Arc<Desk>,
    pub(super) subscription: Subscription,
    pub(super) credit: u32,
    pub(super) has: Vec<DeliveryId>,
    pub(super) is_drained: bool,
    pub(super) is_told: bool,
    pub(super) sleep: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl std::fmt::Debug for DeskFeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskFeed").field("has", &self.has).finish_non_exhaustive()
    }
}

impl Feed for DeskFeed {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Fed, BrokerError>>> {
        if let Some(told) = self.desk.told() {
            return Poll::Ready(Some(told));
        }
        let mut state = lock(&self.desk.state);
        if !self.is_told && matches!(self.subscription.sharing, Sharing::Partitions(_)) {
            self.is_told = true;
            let all = state.logs.keys().filter(|it| self.subscription.topics.contains(&it.topic));
            return Poll::Ready(Some(Ok(Fed::Assigned(Generation(1), all.cloned().collect()))));
        }
        let is_open = |id: &DeliveryId| {
            let ends = |(other, settle, _): &(DeliveryId, crate::messaging::Settle, _)| {
                other == id && *settle != crate::messaging::Settle::Working
            };
            !state.settled.iter().rev().take(2_000).any(ends)
        };
        self.has.retain(is_open);
        if self.is_drained && self.has.is_empty() {
            return Poll::Ready(None);
        }
        let now = self.desk.world.now();
        let is_full = self.has.len() >= self.credit as usize;
        state.wakers.push(context.waker().clone());
        if self.is_drained || is_full {
            return Poll::Pending;
        }
        match state.deliver(now, &self.subscription) {
            Ok(delivery) => {
                if self.subscription.ack == AckMode::Explicit {
                    self.has.push(delivery.id.clone());
                }
                Poll::Ready(Some(Ok(Fed::Delivery(delivery))))
            }
            Err(until) => {
                drop(state);
                let mut sleep = Box::pin(self.desk.world.sleep_until(until));
                let polled = sleep.as_mut().poll(context);
                self.sleep = Some(sleep);
                if polled.is_ready() {
                    context.waker().wake_by_ref();
                }
                Poll::Pending
            }
        }
    }

    fn credit(&mut self, most: u32) {
        self.credit = most;
        lock(&self.desk.state).wake();
    }

    fn drain(&mut self) {
        self.is_drained = true;
        lock(&self.desk.state).wake();
    }
}

impl Drop for DeskFeed {
    fn drop(&mut self) {
        lock(&self.desk.state).leave(&self.subscription, &self.has);
    }
}
