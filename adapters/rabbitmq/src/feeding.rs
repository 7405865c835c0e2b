use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cascadia_brokers::{Origin, Station, Wanted};
use cascadia_patterns::messaging::{BrokerError, Offset, Topic};
use cascadia_runtime::{Runtime, TokioWorld, Wall};
use futures_util::{FutureExt, StreamExt};
use lapin::message::Delivery;
use lapin::options::{
    BasicCancelOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions, BasicRejectOptions,
};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Consumer, Result};

use crate::carried::message;
use crate::error::{meaning, unavailable};

/// What a delivery is settled by.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    pub(crate) channel: Arc<Channel>,
    pub(crate) tag: u64,
}

/// A member of a group, with the channel that is its own.
pub(crate) struct Seat {
    pub(crate) channel: Arc<Channel>,
    pub(crate) topic: Topic,
    pub(crate) queue: ShortString,
    pub(crate) prefix: String,
    pub(crate) offsets: Arc<AtomicU64>,
    pub(crate) station: Arc<Station<Handle>>,
    pub(crate) poll: Duration,
}

/// To the queue again, and only this one.
pub(crate) const AGAIN: BasicNackOptions = BasicNackOptions { multiple: false, requeue: true };

/// A dead letter, or nothing.
pub(crate) const GONE: BasicRejectOptions = BasicRejectOptions { requeue: false };

/// Hands on what comes until the feed is gone or its channel closed. What it had is then ready for others.
pub(crate) async fn feed(seat: Seat) {
    if let Err(error) = seat.consume().await {
        seat.station.fail(error);
    }
    seat.station.abandon();
    drop(seat.channel.close(200, "done".into()).await);
}

impl Seat {
    async fn consume(&self) -> std::result::Result<(), BrokerError> {
        let failed = |error: lapin::Error| meaning(&self.topic, &error);
        let (mut consumer, mut credit, mut waiting) = (None, 0, VecDeque::new());
        let mut ticks = tokio::time::interval(self.poll);
        loop {
            if self.station.wanted() == Wanted::Leave {
                return Ok(());
            }
            let wanted = self.station.credit();
            if wanted != credit {
                consumer = self.change(consumer, wanted, &mut waiting).await.map_err(failed)?;
                credit = wanted;
            }
            if let Wanted::Messages(room) = self.station.wanted() {
                let all = waiting.drain(..waiting.len().min(room));
                let (mut worthless, now) = (Vec::new(), TokioWorld::new().wall());
                self.station.deliver(all.filter_map(|delivery| {
                    let (handle, origin) = self.taken(delivery);
                    let is_worthless = origin.message.expires.is_some_and(|end| end <= now);
                    worthless.extend(is_worthless.then_some(handle.tag));
                    (!is_worthless).then_some((handle, origin))
                }));
                for tag in worthless {
                    self.channel.basic_reject(tag, GONE).await.map_err(failed)?;
                }
            }
            tokio::select! {
                come = next(&mut consumer) => {
                    let mut come = Some(come);
                    // Others have come with it, perhaps.
                    while let Some(one) = come {
                        let one = one.ok_or_else(|| unavailable("the channel is closed"))?;
                        waiting.push_back(one.map_err(failed)?);
                        come = next(&mut consumer).now_or_never();
                    }
                }
                () = self.station.changed() => {}
                _ = ticks.tick() => for late in self.station.expire() {
                    self.channel.basic_nack(late.handle.tag, AGAIN).await.map_err(failed)?;
                },
            }
        }
    }

    /// What a consumer may have unsettled is fixed when it begins, so another one takes its place. That one does not count
    /// what the one before still has, so something more may wait here for its room.
    async fn change(
        &self,
        old: Option<Consumer>,
        credit: u16,
        waiting: &mut VecDeque<Delivery>,
    ) -> Result<Option<Consumer>> {
        if let Some(mut old) = old {
            let tag = old.tag();
            self.channel.basic_cancel(tag, BasicCancelOptions::default()).await?;
            while let Some(delivery) = old.next().await {
                waiting.push_back(delivery?);
            }
        }
        if credit == 0 {
            for delivery in waiting.drain(..) {
                self.channel.basic_nack(delivery.delivery_tag, AGAIN).await?;
            }
            return Ok(None);
        }
        self.channel.basic_qos(credit, BasicQosOptions::default()).await?;
        let (queue, options) = (self.queue.clone(), BasicConsumeOptions::default());
        let made =
            self.channel.basic_consume(queue, "".into(), options, FieldTable::default()).await;
        made.map(Some)
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

async fn next(consumer: &mut Option<Consumer>) -> Option<Result<Delivery>> {
    match consumer {
        Some(consumer) => consumer.next().await,
        None => pending().await,
    }
}
