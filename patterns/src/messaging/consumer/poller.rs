use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};

use crate::messaging::{
    AckMode, Broker, BrokerError, Delivery, DeliveryId, Fed, Feed, Settle, Settled, Subscription,
};
use crate::sync::before;

/// How a poll loop takes messages.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `most` | messages | 500 | Kafka `max.poll.records` |
/// | `auto_commit` | time | 5 s | Kafka `auto.commit.interval.ms` |
#[derive(Clone, Debug, PartialEq)]
pub struct PollConfig {
    /// What it is delivered.
    pub subscription: Subscription,
    /// The most messages of one poll.
    pub most: usize,
    /// After how long a poll acknowledges all that those before it have returned. Who then has not done all of it
    /// loses what a crash finds undone, and no earlier. None leaves it to the user.
    pub auto_commit: Option<Duration>,
}

impl PollConfig {
    /// The usual one for a subscription.
    pub fn new(subscription: Subscription) -> Self {
        Self { subscription, most: 500, auto_commit: Some(Duration::from_secs(5)) }
    }
}

/// Hands out messages whenever it is asked: a poll loop is in the hands of its user.
#[derive(Debug)]
pub struct Poller<R> {
    world: R,
    broker: Arc<dyn Broker>,
    feed: Box<dyn Feed>,
    config: PollConfig,
    /// What was returned and not acknowledged.
    returned: Vec<DeliveryId>,
    acked: Time,
}

/// What a poll has found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Polled {
    /// Messages, in their order.
    pub deliveries: Vec<Delivery>,
    /// What else was told meanwhile: partitions that came and went, and gaps.
    pub told: Vec<Fed>,
}

impl<R: Runtime> Poller<R> {
    /// Subscribes.
    ///
    /// # Errors
    ///
    /// As for [`Broker::subscribe`]; [`Unsupported`](BrokerError::Unsupported) where the broker cannot do
    /// what the subscription asks for.
    pub async fn open(
        config: PollConfig,
        world: R,
        broker: Arc<dyn Broker>,
    ) -> Result<Self, BrokerError> {
        config.subscription.check()?;
        broker.can().allow(config.subscription.needs())?;
        let feed = broker.subscribe(config.subscription.clone()).await?;
        let acked = world.now();
        Ok(Self { world, broker, feed, config, returned: Vec::new(), acked })
    }

    /// Waits for the first message, at most so long, and takes those that are there with it.
    ///
    /// # Errors
    ///
    /// As for the feed, after which there is nothing more; and as for [`Broker::settle`] where it acknowledges.
    pub async fn poll(&mut self, wait: Duration) -> Result<Polled, BrokerError> {
        let period = self.config.auto_commit;
        if period.is_some_and(|period| self.world.now().since(self.acked) >= period) {
            self.commit().await?;
        }
        let (mut polled, mut until) = (Polled::default(), self.world.now() + wait);
        while polled.deliveries.len() < self.config.most {
            let next = Box::pin(self.feed.next());
            match before(&self.world, until, next).await {
                None => break,
                Some(None) => return Err(BrokerError::Closed),
                Some(Some(Ok(Fed::Delivery(delivery)))) => {
                    polled.deliveries.push(delivery);
                    // What is not there yet is not waited for.
                    until = self.world.now();
                }
                Some(Some(Ok(told))) => {
                    polled.told.push(told);
                    until = self.world.now();
                }
                Some(Some(Err(error))) => return Err(error),
            }
        }
        if self.config.subscription.ack == AckMode::Explicit {
            self.returned.extend(polled.deliveries.iter().map(|delivery| delivery.id.clone()));
        }
        Ok(polled)
    }

    /// Acknowledges all that was returned so far.
    ///
    /// # Errors
    ///
    /// As for [`Broker::settle`]; what was to be acknowledged can be committed again.
    pub async fn commit(&mut self) -> Result<Vec<Settled>, BrokerError> {
        self.acked = self.world.now();
        if self.returned.is_empty() {
            return Ok(Vec::new());
        }
        let settled = self.broker.settle(&self.returned, Settle::Ack).await?;
        self.returned.clear();
        Ok(settled)
    }

    /// Says what is to become of single deliveries.
    ///
    /// # Errors
    ///
    /// As for [`Broker::settle`].
    pub async fn settle(
        &mut self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> Result<Vec<Settled>, BrokerError> {
        let settled = self.broker.settle(ids, settle).await?;
        self.returned.retain(|id| !ids.contains(id));
        Ok(settled)
    }
}
