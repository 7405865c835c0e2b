use std::sync::{Arc, Mutex};

use super::world::Dated;
use crate::call::BoxFuture;
use crate::messaging::embedded::Embedded;
use crate::messaging::{
    Batch, Broker, BrokerError, Capabilities, Conclusion, DeliveryId, Feed, Group, Lag, Partition,
    ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic, TopicSettings,
    TransactionalId,
};
use crate::store::Store;
use crate::sync::lock;

/// The embedded broker, which dies and is started anew on its store.
#[derive(Debug)]
pub(crate) struct Restarted {
    world: Dated,
    store: Arc<dyn Store>,
    broker: Mutex<Arc<dyn Broker>>,
}

impl Restarted {
    pub(crate) async fn open(world: Dated, store: Arc<dyn Store>) -> Arc<Self> {
        let broker = Embedded::open(world, Arc::clone(&store), "bus").await.unwrap();
        Arc::new(Self { world, store, broker: Mutex::new(Arc::new(broker)) })
    }

    /// It dies, and another one takes its place.
    pub(crate) async fn restart(&self) {
        let broker = Embedded::open(self.world, Arc::clone(&self.store), "bus").await.unwrap();
        *lock(&self.broker) = Arc::new(broker);
    }

    fn now(&self) -> Arc<dyn Broker> {
        Arc::clone(&lock(&self.broker))
    }
}

impl Broker for Restarted {
    fn can(&self) -> Capabilities {
        self.now().can()
    }
    fn declare(&self, topic: Topic, settings: TopicSettings) -> BoxFuture<Result<(), BrokerError>> {
        self.now().declare(topic, settings)
    }
    fn remove(&self, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        self.now().remove(topic)
    }
    fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>> {
        self.now().partitions(topic)
    }
    fn identify(
        &self,
        name: Option<TransactionalId>,
    ) -> BoxFuture<Result<ProducerIdentity, BrokerError>> {
        self.now().identify(name)
    }
    fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
        self.now().publish(batch)
    }
    fn conclude(&self, conclusion: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
        self.now().conclude(conclusion)
    }
    fn subscribe(
        &self,
        subscription: Subscription,
    ) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
        self.now().subscribe(subscription)
    }
    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        self.now().settle(ids, settle)
    }
    fn seek(
        &self,
        group: Group,
        partition: Partition,
        to: Start,
    ) -> BoxFuture<Result<(), BrokerError>> {
        self.now().seek(group, partition, to)
    }
    fn lag(&self, group: Group, partition: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        self.now().lag(group, partition)
    }
}
