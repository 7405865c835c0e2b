use std::sync::Arc;

use cascadia_brokers::{Stations, deny};
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId, Feed, Group, Lag,
    Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic,
    TopicSettings, TransactionalId,
};

use crate::config::RabbitConfig;
use crate::link::Link;
use crate::server::{CAN, Server};

/// A broker on the quorum queues of RabbitMQ, at least once. What it makes of them is said in [the crate](crate).
#[derive(Clone, Debug)]
pub struct RabbitQueues(Arc<Server>);

impl RabbitQueues {
    /// A client of the server of a URL, such as `amqp://guest:guest@localhost:5672/%2f`. It dials when it is used, and must
    /// be used within tokio.
    pub fn new(url: &str, config: RabbitConfig) -> Self {
        let link = Link::new(url, config);
        Self(Arc::new(Server { link, stations: Stations::default(), offsets: Arc::default() }))
    }
}

impl Broker for RabbitQueues {
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
        Box::pin(async move { server.exchange(&topic, true).await.map(|()| 1) })
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
        deny(Capability::Replay)
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
