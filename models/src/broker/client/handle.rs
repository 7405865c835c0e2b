use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Acks, Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId, Feed,
    Group, Lag, Partition, ProducerIdentity, Receipt, Settle, Settled, Sharing, Start,
    Subscription, Topic, TopicSettings, TransactionalId,
};
use cascadia_sim_core::Local;
use futures::FutureExt;
use futures::future::join_all;

use super::feed::{RemoteFeed, keep, share};
use super::member::Member;
use super::remote::Remote;
use super::told::Told;
use crate::broker::words::{Asked, Reply};

/// How long it waits for an answer where its user does not say (Kafka `request.timeout.ms`).
const PATIENCE: Duration = Duration::from_secs(30);

fn strange() -> BrokerError {
    BrokerError::Unknown("its answer is of another kind".to_owned())
}

impl Remote {
    /// The place that keeps a partition.
    pub(super) fn keeper(&self, partition: &Partition) -> Result<usize, BrokerError> {
        let missing = || BrokerError::NoTopic(partition.topic.clone());
        let topic = self.hub.plan.topic(&partition.topic).ok_or_else(missing)?;
        let partitions = self.hub.plan.topics[topic].settings.partitions;
        let is_there = partition.number < partitions;
        is_there.then(|| self.leader((topic, partition.number))).ok_or_else(missing)
    }

    /// Whether a place keeps a partition.
    pub(super) fn keeps(&self, partition: &Partition, node: usize) -> bool {
        let Some(topic) = self.hub.plan.topic(&partition.topic) else { return false };
        let mut replicas = self.hub.plan.replicas((topic, partition.number), self.nodes.len());
        replicas.any(|place| place == node)
    }

    /// The place that leads a partition, or keeps it alone.
    fn leader(&self, of: (usize, u32)) -> usize {
        let led = self.views.borrow_mut().view.leaders.get(&of).copied().flatten();
        led.unwrap_or_else(|| self.hub.plan.keeper(of.0, of.1, self.nodes.len()))
    }

    /// How many places have something to say about some topics: those that lead a partition of them.
    pub(super) fn speakers(&self, topics: &[Topic]) -> usize {
        let found = topics.iter().filter_map(|topic| self.hub.plan.topic(topic));
        let count = |topic: usize| self.hub.plan.topics[topic].settings.partitions;
        let all = found.flat_map(|topic| (0..count(topic)).map(move |at| (topic, at)));
        all.map(|of| self.leader(of)).collect::<BTreeSet<_>>().len()
    }

    /// The places that keep something of some topics.
    fn keepers(&self, topics: &[Topic]) -> Result<Vec<usize>, BrokerError> {
        let mut nodes = BTreeSet::new();
        for topic in topics {
            let missing = || BrokerError::NoTopic(topic.clone());
            let index = self.hub.plan.topic(topic).ok_or_else(missing)?;
            let partitions = self.hub.plan.topics[index].settings.partitions;
            let replicas = |at| self.hub.plan.replicas((index, at), self.nodes.len());
            nodes.extend((0..partitions).flat_map(replicas));
        }
        Ok(nodes.into_iter().collect())
    }

    /// The positions of a topic and of its group whose members share partitions, where one subscribes to that.
    fn group(&self, subscription: &Subscription) -> Result<Option<(usize, usize)>, BrokerError> {
        let (Sharing::Partitions(_), Some(name)) =
            (subscription.sharing, subscription.topics.first())
        else {
            return Ok(None);
        };
        let missing = || BrokerError::NoTopic(name.clone());
        let topic = self.hub.plan.topic(name).ok_or_else(missing)?;
        Ok(self.hub.group(topic, subscription.group.as_str()).map(|group| (topic, group)))
    }

    /// Asks the place of a partition, and waits for an answer of a kind.
    fn ask_keeper<T: Send + 'static>(
        self: &Arc<Self>,
        partition: &Partition,
        what: Asked,
        of: fn(Reply) -> Option<T>,
    ) -> impl Future<Output = Result<T, BrokerError>> + Send + use<T> {
        let answer = self.keeper(partition).map(|node| self.ask(node, what, PATIENCE));
        async move { of(answer?.await?).ok_or_else(strange) }
    }

    /// Settles deliveries of one partition.
    fn settle_part(
        self: &Arc<Self>,
        partition: &Partition,
        ids: Vec<DeliveryId>,
        settle: Settle,
    ) -> impl Future<Output = Result<Vec<Settled>, BrokerError>> + Send + use<> {
        self.ask_keeper(partition, Asked::Settle(ids, settle), |reply| match reply {
            Reply::Settled(settled) => Some(settled),
            _ => None,
        })
    }

    /// Settles deliveries of several partitions, all at the same time.
    fn settle_parts(
        self: &Arc<Self>,
        ids: &[DeliveryId],
        settle: &Settle,
    ) -> impl Future<Output = Result<Vec<Settled>, BrokerError>> + Send + use<> {
        let mut parts: BTreeMap<&Partition, Vec<usize>> = BTreeMap::new();
        for (at, id) in ids.iter().enumerate() {
            parts.entry(&id.source.partition).or_default().push(at);
        }
        let asks = parts.into_iter().map(|(partition, at)| {
            let ids = at.iter().map(|at| ids[*at].clone()).collect();
            self.settle_part(partition, ids, settle.clone()).map(move |answer| (at, answer))
        });
        let (asks, count) = (join_all(asks), ids.len());
        async move {
            let mut all = vec![Settled::Stale; count];
            for (at, answer) in asks.await {
                for (at, settled) in at.into_iter().zip(answer?) {
                    all[at] = settled;
                }
            }
            Ok(all)
        }
    }
}

/// A handle of a client, as what is asked outlives the call.
#[derive(Clone, Debug)]
pub(crate) struct RemoteBroker(pub(crate) Arc<Remote>);

impl Broker for RemoteBroker {
    fn can(&self) -> Capabilities {
        let cannot = [
            Capability::Transactions,
            Capability::StaticMembers,
            Capability::Broadcast,
            Capability::Exclusive,
            Capability::Declare,
        ];
        cannot.into_iter().fold(Capabilities::all(), Capabilities::without)
    }

    fn declare(&self, _: Topic, _: TopicSettings) -> BoxFuture<Result<(), BrokerError>> {
        Box::pin(async { Err(Capability::Declare.into()) })
    }

    fn remove(&self, _: Topic) -> BoxFuture<Result<(), BrokerError>> {
        Box::pin(async { Err(Capability::Declare.into()) })
    }

    fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>> {
        let found = self.0.hub.plan.topic(&topic);
        let partitions = found.map(|at| self.0.hub.plan.topics[at].settings.partitions);
        Box::pin(async move { partitions.ok_or(BrokerError::NoTopic(topic)) })
    }

    fn identify(
        &self,
        _: Option<TransactionalId>,
    ) -> BoxFuture<Result<ProducerIdentity, BrokerError>> {
        let node = self.0.views.borrow_mut().coordinator(0);
        let answer = self.0.ask(node, Asked::Identify, PATIENCE);
        Box::pin(async move {
            match answer.await? {
                Reply::Identity(identity) => Ok(identity),
                _ => Err(strange()),
            }
        })
    }

    fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
        if batch.acks == Acks::None {
            let node = self.0.keeper(&batch.to);
            let remote = Arc::clone(&self.0);
            return Box::pin(async move {
                remote.say(node?, Asked::Publish(batch));
                Ok(Receipt::default())
            });
        }
        let (to, outgoing) = (batch.to.clone(), self.0.hub.outgoing(&batch.messages));
        let answer = self.0.ask_keeper(&to, Asked::Publish(batch), |reply| match reply {
            Reply::Published(receipt) => Some(receipt),
            _ => None,
        });
        if outgoing.is_empty() {
            return Box::pin(answer);
        }
        let remote = Arc::clone(&self.0);
        Box::pin(async move {
            let receipt = answer.await?;
            remote.hub.gone(&outgoing);
            Ok(receipt)
        })
    }

    fn conclude(&self, _: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
        Box::pin(async { Err(Capability::Transactions.into()) })
    }

    fn subscribe(
        &self,
        subscription: Subscription,
    ) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
        let remote = Arc::clone(&self.0);
        let can = self.can();
        Box::pin(async move {
            subscription.check()?;
            can.allow(subscription.needs())?;
            let nodes = remote.keepers(&subscription.topics)?;
            let credit = share(subscription.prefetch, remote.speakers(&subscription.topics));
            let shared = remote.group(&subscription)?;
            let (group, places) = (subscription.group.clone(), remote.nodes.len());
            let told = Told::new(group, credit, places, shared.is_some());
            let told = Arc::new(Local::new(told));
            let number = remote.remember(&told);
            let subscription = Arc::new(subscription);
            let member = shared.map(|group| {
                let (remote, told, nodes) = (Arc::clone(&remote), Arc::clone(&told), nodes.clone());
                let subscription = Arc::clone(&subscription);
                Arc::new(Member { remote, number, told, group, nodes, subscription })
            });
            for node in &nodes {
                let (feed, what) = ((number, Arc::clone(&told)), Arc::clone(&subscription));
                let kept = keep(Arc::clone(&remote), feed, *node, what, member.clone());
                remote.life.spawn(kept);
            }
            if let Some(member) = &member {
                remote.life.spawn(Arc::clone(member).belong());
            }
            let (topics, prefetch) = (subscription.topics.clone(), subscription.prefetch);
            let feed = RemoteFeed { remote, number, told, nodes, topics, prefetch, member };
            Ok(Box::new(feed) as Box<dyn Feed>)
        })
    }

    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        let (remote, ids) = (Arc::clone(&self.0), ids.to_vec());
        Box::pin(async move {
            if settle != Settle::Working {
                remote.let_go(&ids);
            }
            let (first, count) = (ids.first().map(|id| Arc::clone(&id.source)), ids.len() as u64);
            let handled = remote.handled(&ids);
            // Most often all are of one partition.
            let are_of = |it: &Partition| ids.iter().all(|id| id.source.partition == *it);
            let all = match &first {
                Some(source) if are_of(&source.partition) => {
                    remote.settle_part(&source.partition, ids, settle).await?
                }
                _ => remote.settle_parts(&ids, &settle).await?,
            };
            remote.settled(first.as_ref().map(|source| &source.group), count, &handled);
            Ok(all)
        })
    }

    fn seek(
        &self,
        group: Group,
        partition: Partition,
        to: Start,
    ) -> BoxFuture<Result<(), BrokerError>> {
        let what = Asked::Seek(group, partition.clone(), to);
        let done = |reply| matches!(reply, Reply::Done).then_some(());
        Box::pin(self.0.ask_keeper(&partition, what, done))
    }

    fn lag(&self, group: Group, partition: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        let what = Asked::Lag(group, partition.clone());
        Box::pin(self.0.ask_keeper(&partition, what, |reply| match reply {
            Reply::Lag(lag) => Some(lag),
            _ => None,
        }))
    }
}
