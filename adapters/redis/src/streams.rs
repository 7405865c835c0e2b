use std::sync::Arc;

use cascadia_brokers::{Stations, deny};
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId, Feed, Group, Lag,
    Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic,
    TopicSettings, TransactionalId,
};

use crate::config::RedisConfig;
use crate::link::Link;
use crate::server::{CAN, Server};

/// A broker on Redis Streams, at least once. What it makes of them is said in [the crate](crate).
#[derive(Clone, Debug)]
pub struct RedisStreams(Arc<Server>);

impl RedisStreams {
    /// A client of the server of a URL, such as `redis://localhost:6379`. It dials when it is used, and must be used
    /// within tokio.
    ///
    /// # Errors
    ///
    /// When that is no URL of a server.
    pub fn new(url: &str, config: RedisConfig) -> Result<Self, BrokerError> {
        let link = Arc::new(Link::new(url, config)?);
        Ok(Self(Arc::new(Server { link, stations: Stations::default() })))
    }
}

impl Broker for RedisStreams {
    fn can(&self) -> Capabilities {
        Capabilities::from_iter(CAN)
    }

    fn declare(&self, topic: Topic, settings: TopicSettings) -> BoxFuture<Result<(), BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.declare(topic, settings).await })
    }

    fn remove(&self, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.remove(topic).await })
    }

    fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.exists(&topic).await.map(|()| 1) })
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

    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        let (server, ids) = (Arc::clone(&self.0), ids.to_vec());
        Box::pin(async move { server.settle(ids, settle).await })
    }

    fn seek(&self, _: Group, _: Partition, _: Start) -> BoxFuture<Result<(), BrokerError>> {
        deny(Capability::SeekOffset)
    }

    fn lag(&self, group: Group, partition: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.lag(group, partition).await })
    }

    fn forget(&self, group: Group, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.forget(group, topic).await })
    }
}
