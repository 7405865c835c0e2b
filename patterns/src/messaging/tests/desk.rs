use std::collections::VecDeque;
use std::future::ready;
use std::sync::{Arc, Mutex, Weak};

use cascadia_runtime::Runtime;

use super::desk_feed::DeskFeed;
use super::desk_state::State;
use super::world::Dated;
use crate::call::BoxFuture;
use crate::messaging::{
    Batch, Broker, BrokerError, Capabilities, Conclusion, DeliveryId, Fed, Feed, Group, Lag,
    Message, Offset, Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription,
    Topic, TopicSettings, TransactionalId,
};
use crate::sync::lock;

/// A broker in memory for the tests of clients: it shares single messages among a group, and keeps all that it
/// was told.
#[derive(Debug)]
pub(crate) struct Desk {
    own: Weak<Self>,
    pub(super) world: Dated,
    pub(super) state: Mutex<State>,
    subscriptions: Mutex<Vec<Subscription>>,
    told: Mutex<VecDeque<Result<Fed, BrokerError>>>,
    can: Mutex<Capabilities>,
}

impl Desk {
    pub(crate) fn new(world: Dated) -> Arc<Self> {
        Arc::new_cyclic(|own| Self {
            own: Weak::clone(own),
            world,
            state: Mutex::default(),
            subscriptions: Mutex::default(),
            told: Mutex::default(),
            can: Mutex::new(Capabilities::all()),
        })
    }

    pub(crate) fn becomes(&self, can: Capabilities) {
        *lock(&self.can) = can;
    }

    /// The messages of a partition.
    pub(crate) fn log(&self, topic: &str, number: u32) -> Vec<Arc<Message>> {
        let log = lock(&self.state).logs[&Partition::new(topic, number)].clone();
        log.into_iter().map(|(message, _)| message).collect()
    }

    /// The next feed that is asked tells this.
    pub(crate) fn tells(&self, fed: Result<Fed, BrokerError>) {
        lock(&self.told).push_back(fed);
        lock(&self.state).wake();
    }

    pub(super) fn told(&self) -> Option<Result<Fed, BrokerError>> {
        lock(&self.told).pop_front()
    }

    /// What was settled how.
    pub(crate) fn settled(&self) -> Vec<(DeliveryId, Settle, Settled)> {
        lock(&self.state).settled.clone()
    }

    /// What a group has done.
    pub(crate) fn done(&self, group: &str) -> Vec<(Partition, Offset)> {
        let state = lock(&self.state);
        let cursors = state.groups.get(&Group::from(group)).into_iter().flatten();
        let done = cursors.flat_map(|(partition, cursor)| {
            cursor.done.iter().map(|offset| (partition.clone(), *offset))
        });
        done.collect()
    }

    fn declare_now(&self, topic: Topic, settings: &TopicSettings) {
        let mut state = lock(&self.state);
        for number in 0..settings.partitions {
            state.logs.entry(Partition { topic: topic.clone(), number }).or_default();
        }
        state.topics.insert(topic, settings.partitions);
    }

    fn identify_now(&self, name: Option<TransactionalId>) -> ProducerIdentity {
        let mut state = lock(&self.state);
        state.next += 1;
        let fresh = ProducerIdentity { id: state.next, epoch: 0 };
        let Some(name) = name else { return fresh };
        let known = state.names.get(name.as_str()).copied();
        let identity =
            known.map_or(fresh, |known| ProducerIdentity { epoch: known.epoch + 1, ..known });
        state.names.insert(name.as_str().to_owned(), identity);
        identity
    }

    fn subscribe_now(&self, subscription: Subscription) -> Box<dyn Feed> {
        let from_start = subscription.start == Start::Earliest;
        lock(&self.state).join(&subscription, from_start);
        lock(&self.subscriptions).push(subscription.clone());
        Box::new(DeskFeed {
            desk: self.own.upgrade().expect("it is asked"),
            credit: subscription.prefetch,
            subscription,
            has: Vec::new(),
            is_drained: false,
            is_told: false,
            sleep: None,
        })
    }
}

impl Broker for Desk {
    fn can(&self) -> Capabilities {
        *lock(&self.can)
    }

    fn declare(&self, topic: Topic, settings: TopicSettings) -> BoxFuture<Result<(), BrokerError>> {
        self.declare_now(topic, &settings);
        Box::pin(ready(Ok(())))
    }

    fn remove(&self, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        let mut state = lock(&self.state);
        state.topics.remove(&topic);
        state.logs.retain(|partition, _| partition.topic != topic);
        state.groups.values_mut().for_each(|group| group.retain(|it, _| it.topic != topic));
        Box::pin(ready(Ok(())))
    }

    fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>> {
        let known = lock(&self.state).topics.get(&topic).copied();
        Box::pin(ready(known.ok_or(BrokerError::NoTopic(topic))))
    }

    fn identify(
        &self,
        name: Option<TransactionalId>,
    ) -> BoxFuture<Result<ProducerIdentity, BrokerError>> {
        Box::pin(ready(Ok(self.identify_now(name))))
    }

    fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
        let desk = self.own.upgrade().expect("it is asked");
        Box::pin(async move {
            let wall = desk.world.wall();
            lock(&desk.state).publish(&batch, wall)
        })
    }

    fn conclude(&self, _: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
        Box::pin(ready(Err(BrokerError::NoTransaction)))
    }

    fn subscribe(
        &self,
        subscription: Subscription,
    ) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
        let desk = self.own.upgrade().expect("it is asked");
        Box::pin(async move { Ok(desk.subscribe_now(subscription)) })
    }

    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        let (desk, ids) = (self.own.upgrade().expect("it is asked"), ids.to_vec());
        Box::pin(async move {
            let now = (desk.world.now(), desk.world.wall());
            let subscriptions = lock(&desk.subscriptions).clone();
            let one = |id: &DeliveryId| {
                let mut of_group = subscriptions.iter().filter(|it| it.group == id.source.group);
                let subscription = of_group.next_back().expect("it is subscribed");
                lock(&desk.state).settle(now, subscription, id, &settle)
            };
            Ok(ids.iter().map(one).collect())
        })
    }

    fn seek(&self, _: Group, _: Partition, _: Start) -> BoxFuture<Result<(), BrokerError>> {
        Box::pin(ready(Ok(())))
    }

    fn lag(&self, _: Group, _: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        Box::pin(ready(Ok(Lag::default())))
    }
}
