use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};

use super::world::Dated;
use crate::call::BoxFuture;
use crate::messaging::{
    Batch, Broker, BrokerError, Capabilities, Conclusion, DeliveryId, Feed, Group, Lag, Partition,
    ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic, TopicSettings,
    TransactionalId,
};
use crate::sync::lock;

/// How often something goes wrong, as shares.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rates {
    /// The broker is never asked, and says so.
    pub(crate) refused: f64,
    /// It is asked, and its answer is lost.
    pub(crate) unanswered: f64,
    /// It is never asked, and nobody says so.
    pub(crate) lost: f64,
    /// What asking takes at most.
    pub(crate) delay: Duration,
}

/// A broker behind a link that is not good.
#[derive(Debug)]
pub(crate) struct Flaky {
    world: Dated,
    broker: Arc<dyn Broker>,
    chance: Arc<Mutex<(Stream, Rates)>>,
}

impl Flaky {
    pub(crate) fn new(
        world: Dated,
        broker: Arc<dyn Broker>,
        stream: Stream,
        rates: Rates,
    ) -> Arc<Self> {
        Arc::new(Self { world, broker, chance: Arc::new(Mutex::new((stream, rates))) })
    }

    /// From now on it fails so often.
    pub(crate) fn becomes(&self, rates: Rates) {
        lock(&self.chance).1 = rates;
    }

    fn pass<T: Send + 'static>(
        &self,
        asked: BoxFuture<Result<T, BrokerError>>,
    ) -> BoxFuture<Result<T, BrokerError>> {
        let (world, chance) = (self.world, Arc::clone(&self.chance));
        Box::pin(async move {
            let (rates, luck, [there, back]) = {
                let (stream, rates) = &mut *lock(&chance);
                let luck = stream.unit();
                (*rates, luck, [(); 2].map(|()| rates.delay.mul_f64(stream.unit())))
            };
            world.sleep(there).await;
            let Rates { refused, unanswered, lost, .. } = rates;
            if luck < refused {
                return Err(BrokerError::Unavailable("planted".into()));
            }
            if luck < refused + lost {
                return Err(BrokerError::Unknown("planted".into()));
            }
            let answer = asked.await;
            world.sleep(back).await;
            if luck < refused + lost + unanswered {
                return Err(BrokerError::Unknown("planted".into()));
            }
            answer
        })
    }
}

impl Broker for Flaky {
    fn can(&self) -> Capabilities {
        self.broker.can()
    }
    fn declare(&self, topic: Topic, settings: TopicSettings) -> BoxFuture<Result<(), BrokerError>> {
        self.broker.declare(topic, settings)
    }
    fn remove(&self, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        self.broker.remove(topic)
    }
    fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>> {
        self.broker.partitions(topic)
    }
    fn identify(
        &self,
        name: Option<TransactionalId>,
    ) -> BoxFuture<Result<ProducerIdentity, BrokerError>> {
        self.broker.identify(name)
    }
    fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
        self.pass(self.broker.publish(batch))
    }
    fn conclude(&self, conclusion: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
        self.broker.conclude(conclusion)
    }
    fn subscribe(
        &self,
        subscription: Subscription,
    ) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
        self.broker.subscribe(subscription)
    }
    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        self.pass(self.broker.settle(ids, settle))
    }
    fn seek(
        &self,
        group: Group,
        partition: Partition,
        to: Start,
    ) -> BoxFuture<Result<(), BrokerError>> {
        self.broker.seek(group, partition, to)
    }
    fn lag(&self, group: Group, partition: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        self.broker.lag(group, partition)
    }
}
