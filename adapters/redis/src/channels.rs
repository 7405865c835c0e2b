use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use cascadia_brokers::{StationFeed, Stations, deny, invalid, need_none};
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    AckMode, Acks, Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId,
    Feed, Group, Lag, Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription,
    Topic, TopicSettings, TransactionalId,
};
use redis::RedisResult;

use crate::config::RedisConfig;
use crate::error::unknown;
use crate::link::Link;
use crate::listening::listen;
use crate::packed::pack;

/// The channels of Redis: each subscriber that is there gets everything, at most once, and nothing is kept.
#[derive(Clone, Debug)]
pub struct RedisChannels(Arc<Server>);

#[derive(Debug)]
struct Server {
    link: Link,
    stations: Stations<()>,
    offsets: Arc<AtomicU64>,
}

impl RedisChannels {
    /// A client of the server of a URL, such as `redis://localhost:6379`. It dials when it is used, and must be used
    /// within tokio.
    ///
    /// # Errors
    ///
    /// When that is no URL of a server.
    pub fn new(url: &str, config: RedisConfig) -> Result<Self, BrokerError> {
        let link = Link::new(url, config)?;
        let (stations, offsets) = (Stations::default(), Arc::default());
        Ok(Self(Arc::new(Server { link, stations, offsets })))
    }
}

const CAN: [Capability; 2] = [Capability::Broadcast, Capability::OnDelivery];

impl Server {
    async fn publish(&self, batch: Batch) -> Result<Receipt, BrokerError> {
        need_none(CAN.into_iter().collect(), &batch)?;
        if batch.acks != Acks::None {
            return Err(Capability::Confirm.into());
        }
        let (topic, mut connection) = (&batch.to.topic, self.link.connection().await?);
        let mut all = redis::pipe();
        all.atomic();
        for message in &batch.messages {
            all.publish(self.link.key(topic), pack(message)).ignore();
        }
        let sent: RedisResult<()> = all.query_async(&mut connection).await;
        match sent {
            Ok(()) => Ok(Receipt::default()),
            Err(error) => Err(self.link.failed(topic, error, unknown).await),
        }
    }

    async fn subscribe(&self, own: Subscription) -> Result<Box<dyn Feed>, BrokerError> {
        own.check()?;
        Capabilities::from_iter(CAN).allow(own.needs())?;
        let [topic] = own.topics.as_slice() else {
            return Err(invalid("topics", "must be one"));
        };
        if own.ack == AckMode::Explicit {
            return Err(invalid("ack", "must be on delivery, as nothing comes again"));
        }
        let mut subscriber = self.link.subscriber().await?;
        let subscribed = subscriber.subscribe(self.link.key(topic)).await;
        subscribed.map_err(|error| BrokerError::Unavailable(error.to_string()))?;
        let station = self.stations.open_one(topic.clone(), &own);
        tokio::spawn(listen(subscriber, Arc::clone(&station), Arc::clone(&self.offsets)));
        Ok(Box::new(StationFeed::new(station)))
    }
}

impl Broker for RedisChannels {
    fn can(&self) -> Capabilities {
        CAN.into_iter().collect()
    }

    fn declare(&self, _: Topic, _: TopicSettings) -> BoxFuture<Result<(), BrokerError>> {
        deny(Capability::Declare)
    }

    fn remove(&self, _: Topic) -> BoxFuture<Result<(), BrokerError>> {
        deny(Capability::Declare)
    }

    fn partitions(&self, _: Topic) -> BoxFuture<Result<u32, BrokerError>> {
        Box::pin(std::future::ready(Ok(1)))
    }

    fn identify(
        &self,
        _: Option<TransactionalId>,
    ) -> BoxFuture<Result<ProducerIdentity, BrokerError>> {
        deny(Capability::Idempotence)
    }

    fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.publish(batch).await })
    }

    fn conclude(&self, _: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
        deny(Capability::Transactions)
    }

    fn subscribe(
        &self,
        subscription: Subscription,
    ) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.subscribe(subscription).await })
    }

    /// Every delivery is settled by itself.
    fn settle(
        &self,
        ids: &[DeliveryId],
        _: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        Box::pin(std::future::ready(Ok(vec![Settled::Gone; ids.len()])))
    }

    fn seek(&self, _: Group, _: Partition, _: Start) -> BoxFuture<Result<(), BrokerError>> {
        deny(Capability::Replay)
    }

    fn lag(&self, _: Group, _: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        Box::pin(std::future::ready(Ok(Lag::default())))
    }
}
