use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use cascadia_brokers::{Origin, Station, Wanted};
use cascadia_patterns::messaging::{BrokerError, Offset, Topic};
use cascadia_runtime::{Runtime, TokioWorld, Wall};
use futures_util::StreamExt as _;
use lapin::message::Delivery;
use lapin::{Channel, Consumer};

use crate::carried::message;
use crate::error::{meaning, unavailable};

/// What a delivery is settled by.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    pub(crate) channel: Arc<Channel>,
    pub(crate) tag: u64,
}

/// What has come for a feed, taken by its user while he waits and by its task while he does not.
pub(crate) struct Taking {
    pub(crate) channel: Arc<Channel>,
    pub(crate) topic: Topic,
    pub(crate) prefix: String,
    pub(crate) offsets: Arc<AtomicU64>,
    pub(crate) station: Arc<Station<Handle>>,
    pub(crate) consumer: Option<Consumer>,
    /// What there was no room for.
    pub(crate) waiting: VecDeque<Delivery>,
    /// What was worthless when it came, and is to be dropped.
    pub(crate) worthless: Vec<u64>,
}

/// What has come for a feed, and nobody else takes meanwhile.
pub(crate) fn lock(taking: &Mutex<Taking>) -> MutexGuard<'_, Taking> {
    taking.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Taking {
    /// Takes all that has come, for one who is woken by what comes then.
    pub(crate) fn take(&mut self, context: &mut Context<'_>) {
        if let Some(mut consumer) = self.consumer.take() {
            self.gather(&mut consumer, context);
            self.consumer = Some(consumer);
        }
        self.hand_on();
    }

    /// Takes all that has come, for one who does not wait. Who does listens for himself, and is woken as before.
    pub(crate) fn look(&mut self) {
        if let Some(mut another) = self.consumer.clone() {
            self.gather(&mut another, &mut Context::from_waker(Waker::noop()));
        }
        self.hand_on();
    }

    fn gather(&mut self, consumer: &mut Consumer, context: &mut Context<'_>) {
        while let Poll::Ready(come) = consumer.poll_next_unpin(context) {
            match come {
                Some(Ok(delivery)) => self.waiting.push_back(delivery),
                Some(Err(error)) => return self.fail(meaning(&self.topic, &error)),
                None => return self.fail(unavailable("the channel is closed")),
            }
        }
    }

    fn fail(&self, error: BrokerError) {
        self.station.fail(error);
        self.station.stir();
    }

    fn hand_on(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let Wanted::Messages(room) = self.station.wanted() else { return };
        let (count, now) = (self.waiting.len().min(room), TokioWorld::new().wall());
        // Read before it is handed on, as the station is locked then.
        let all: Vec<_> = self.waiting.drain(..count).collect();
        let all = all.into_iter().map(|delivery| self.taken(delivery));
        let (all, worthless): (Vec<_>, Vec<_>) =
            all.partition(|(_, origin)| origin.message.expires.is_none_or(|end| now < end));
        self.station.deliver(all);
        if !worthless.is_empty() {
            self.worthless.extend(worthless.into_iter().map(|(handle, _)| handle.tag));
            self.station.stir();
        }
    }

    fn taken(&self, delivery: Delivery) -> (Handle, Origin) {
        let (message, attempt) = message(&delivery.data, &delivery.properties, &self.prefix);
        let origin = Origin {
            offset: Offset(self.offsets.fetch_add(1, Ordering::Relaxed)),
            message: Arc::new(message),
            attempt,
            published: Wall::from_nanos(0),
        };
        (Handle { channel: Arc::clone(&self.channel), tag: delivery.delivery_tag }, origin)
    }
}
