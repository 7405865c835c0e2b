use std::sync::Arc;

use cascadia_brokers::deny;
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId, Feed, Group, Lag,
    Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic,
    TopicSettings, TransactionalId,
};

use crate::config::KafkaConfig;
use crate::link::Link;
use crate::members::Members;
use crate::server::Server;

/// A broker on the logs of Kafka, at least once. What it makes of them is said in [the crate](crate).
#[derive(Clone, Debug)]
pub struct KafkaLogs(Arc<Server>);

impl KafkaLogs {
    /// A client of the cluster of some addresses, such as `localhost:9092`, with commas between them. It dials when it is
    /// used, and must be used within tokio.
    pub fn new(servers: &str, config: KafkaConfig) -> Self {
        let (link, members) = (Arc::new(Link::new(servers, config)), Arc::<Members>::default());
        Self(Arc::new(Server { link, members }))
    }
}

impl Broker for KafkaLogs {
    fn can(&self) -> Capabilities {
        self.0.can()
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
        Box::pin(async move { server.link.ask(&topic).await })
    }

    /// The client gives itself an identity, and numbers what it sends.
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
        Box::pin(async move { server.settle(&ids, &settle).await })
    }

    fn seek(
        &self,
        group: Group,
        partition: Partition,
        to: Start,
    ) -> BoxFuture<Result<(), BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.seek(group, partition, to).await })
    }

    fn lag(&self, group: Group, partition: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        let server = Arc::clone(&self.0);
        Box::pin(async move { server.lag(group, partition).await })
    }
}
