use std::mem::take;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_brokers::Station;
use cascadia_patterns::messaging::{BrokerError, Topic};
use futures_util::StreamExt as _;
use lapin::options::{
    BasicCancelOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions, BasicRejectOptions,
};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Result};

use crate::error::meaning;
use crate::taking::{Handle, Taking, lock};

/// A member of a group, with the channel that is its own.
pub(crate) struct Seat {
    pub(crate) channel: Arc<Channel>,
    pub(crate) topic: Topic,
    pub(crate) queue: ShortString,
    pub(crate) station: Arc<Station<Handle>>,
    pub(crate) taking: Arc<Mutex<Taking>>,
    pub(crate) poll: Duration,
}

/// To the queue again, and only this one.
pub(crate) const AGAIN: BasicNackOptions = BasicNackOptions { multiple: false, requeue: true };

/// A dead letter, or nothing.
pub(crate) const GONE: BasicRejectOptions = BasicRejectOptions { requeue: false };

/// Sees to what comes until the feed is gone or its channel closed. What it had is then ready for others.
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
        let (mut credit, mut ticks) = (0, tokio::time::interval(self.poll));
        while !self.station.is_over() {
            let wanted = self.station.credit();
            if wanted != credit {
                self.change(wanted).await.map_err(failed)?;
                credit = wanted;
            }
            let worthless = take(&mut lock(&self.taking).worthless);
            for tag in worthless {
                self.channel.basic_reject(tag, GONE).await.map_err(failed)?;
            }
            tokio::select! {
                () = self.station.changed() => {}
                _ = ticks.tick() => for late in self.station.expire() {
                    self.channel.basic_nack(late.handle.tag, AGAIN).await.map_err(failed)?;
                },
            }
            // Who does not wait for a message takes none, though its time begins.
            lock(&self.taking).look();
        }
        Ok(())
    }

    /// What a consumer may have unsettled is fixed when it begins, so another one takes its place. That one does not count
    /// what the one before still has, so something more may wait for its room.
    async fn change(&self, credit: u16) -> Result<()> {
        let old = lock(&self.taking).consumer.take();
        if let Some(mut old) = old {
            let tag = old.tag();
            self.channel.basic_cancel(tag, BasicCancelOptions::default()).await?;
            while let Some(delivery) = old.next().await {
                lock(&self.taking).waiting.push_back(delivery?);
            }
        }
        if credit == 0 {
            let waiting = take(&mut lock(&self.taking).waiting);
            for delivery in waiting {
                self.channel.basic_nack(delivery.delivery_tag, AGAIN).await?;
            }
            return Ok(());
        }
        self.channel.basic_qos(credit, BasicQosOptions::default()).await?;
        let (queue, options) = (self.queue.clone(), BasicConsumeOptions::default());
        let made =
            self.channel.basic_consume(queue, "".into(), options, FieldTable::default()).await;
        lock(&self.taking).consumer = Some(made?);
        self.station.wake();
        Ok(())
    }
}
