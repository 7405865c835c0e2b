use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};

use super::driver::Driver;
use super::link::Link;
use super::note::Note;
use crate::messaging::{BrokerError, Feed};

/// How a consumer comes by its feed.
impl<R: Runtime> Driver<R> {
    pub(super) fn connect(&mut self, now: Time) {
        let Link::Down(at) = self.link else { return };
        if self.drains.is_some() {
            self.link = Link::Over;
        } else if at <= now {
            self.link = Link::Asked;
            let (own, broker) = (self.own.clone(), Arc::clone(&self.broker));
            let subscription = self.intake.config.subscription.clone();
            let asked = async move {
                let feed = broker.subscribe(subscription).await;
                // A consumer that is gone needs no feed.
                let _ = own.send(Note::Subscribed(feed));
            };
            drop(self.world.spawn(asked));
        }
    }

    pub(super) fn open(&mut self, feed: Box<dyn Feed>) {
        self.tries = 0;
        self.connected.send_replace(true);
        self.credit = self.intake.config.subscription.prefetch;
        self.link = Link::Open(feed);
        if self.drains.is_some() {
            self.link = Link::Over;
        }
    }

    /// There is no feed any more. Another one is asked for, unless that is of no use.
    pub(super) fn lose(&mut self, now: Time, error: BrokerError) -> Result<(), BrokerError> {
        self.intake.on_lost();
        self.connected.send_replace(false);
        if !error.is_passing() && error != BrokerError::Closed {
            self.abort();
            return Err(error);
        }
        self.intake.counts.reconnected += 1;
        let backoff = &self.intake.config.backoff;
        let rest = backoff.delay(self.tries, Duration::ZERO, &mut self.stream);
        self.tries = self.tries.saturating_add(1);
        self.link = Link::Down(now + rest);
        Ok(())
    }
}
