use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use crate::call::BoxFuture;
use crate::messaging::{
    Batch, Broker, BrokerError, Capabilities, Conclusion, DeliveryId, Fed, Feed, Group, Lag,
    Message, Offset, Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription,
    Topic, TopicSettings, TransactionalId,
};
use crate::sync::lock;

/// What is wrong with a double.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// A limit of so many deliveries is one of one more.
    OneTooMany,
    /// What is refused is behind all that is there.
    RequeuesAtTheTail,
    /// A message is known again by what it says.
    KnowsByBody,
    /// Nothing is ever worthless.
    NeverExpires,
}

/// A broker that plays the part of another: it denies what that cannot do, and does something wrongly.
#[derive(Debug)]
pub struct Double {
    broker: Arc<dyn Broker>,
    can: Capabilities,
    defect: Option<Defect>,
    seen: Arc<Seen>,
}

impl Double {
    /// One that can so much, on a broker that can more.
    pub fn new(broker: Arc<dyn Broker>, can: Capabilities, defect: Option<Defect>) -> Self {
        Self { broker, can, defect, seen: Arc::default() }
    }
}

/// What was delivered, by where it is.
#[derive(Debug, Default)]
struct Seen(Mutex<BTreeMap<(Partition, Offset), Arc<Message>>>);

#[derive(Debug)]
struct Watched(Box<dyn Feed>, Arc<Seen>);

impl Feed for Watched {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Fed, BrokerError>>> {
        let polled = self.0.poll_next(context);
        if let Poll::Ready(Some(Ok(Fed::Delivery(delivery)))) = &polled {
            let place = (delivery.id.source.partition.clone(), delivery.id.offset);
            lock(&self.1.0).insert(place, Arc::clone(&delivery.message));
        }
        polled
    }
    fn credit(&mut self, most: u32) {
        self.0.credit(most);
    }
    fn drain(&mut self) {
        self.0.drain();
    }
}

impl Broker for Double {
    fn can(&self) -> Capabilities {
        self.can
    }
    fn declare(
        &self,
        topic: Topic,
        mut settings: TopicSettings,
    ) -> BoxFuture<Result<(), BrokerError>> {
        if self.defect == Some(Defect::KnowsByBody) {
            settings.dedupe = TopicSettings::default().dedupe;
        }
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
    fn publish(&self, mut batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
        if self.defect == Some(Defect::KnowsByBody) {
            let known = |message: Arc<Message>| {
                let body = String::from_utf8_lossy(message.bytes()).into_owned();
                Arc::new(Message::clone(&message).id(body))
            };
            batch.messages = batch.messages.into_iter().map(known).collect();
        }
        if self.defect == Some(Defect::NeverExpires) {
            let lasts = |message: Arc<Message>| {
                Arc::new(Message { expires: None, ..Message::clone(&message) })
            };
            batch.messages = batch.messages.into_iter().map(lasts).collect();
        }
        self.broker.publish(batch)
    }
    fn conclude(&self, conclusion: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
        self.broker.conclude(conclusion)
    }
    fn subscribe(&self, mut own: Subscription) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
        if let Err(cannot) = self.can.allow(own.needs()) {
            return Box::pin(async move { Err(cannot.into()) });
        }
        if self.defect == Some(Defect::OneTooMany) {
            own.attempts = own.attempts.map(|most| most + 1);
        }
        let (feed, seen) = (self.broker.subscribe(own), Arc::clone(&self.seen));
        Box::pin(async move { Ok(Box::new(Watched(feed.await?, seen)) as Box<dyn Feed>) })
    }
    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        if settle != Settle::Requeue || self.defect != Some(Defect::RequeuesAtTheTail) {
            return self.broker.settle(ids, settle);
        }
        let again: Vec<_> = {
            let seen = lock(&self.seen.0);
            let places = ids.iter().map(|id| (id.source.partition.clone(), id.offset));
            places.filter_map(|at| Some((at.0.clone(), Arc::clone(seen.get(&at)?)))).collect()
        };
        let (broker, settled) = (Arc::clone(&self.broker), self.broker.settle(ids, Settle::Ack));
        Box::pin(async move {
            for (at, message) in again {
                broker.publish(Batch::new(at, [Message::clone(&message)])).await?;
            }
            settled.await
        })
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
