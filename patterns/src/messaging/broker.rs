use std::fmt::Debug;

use super::batch::Batch;
use super::capabilities::{Capabilities, Capability};
use super::conclusion::Conclusion;
use super::delivery::DeliveryId;
use super::error::BrokerError;
use super::feed::Feed;
use super::identity::ProducerIdentity;
use super::ids::{Group, Partition, Topic, TransactionalId};
use super::lag::Lag;
use super::receipt::Receipt;
use super::settle::{Settle, Settled};
use super::start::Start;
use super::subscription::Subscription;
use super::topic::TopicSettings;
use crate::call::BoxFuture;

/// What takes messages from some and gives them to others. What it promises is said in [the module](super).
///
/// A future does nothing before it is polled. One that is dropped is given up: what it asked for has then happened
/// or not, as after [`Unknown`](BrokerError::Unknown).
pub trait Broker: Debug + Send + Sync {
    /// What it can do. Whatever asks for more is refused with
    /// [`Unsupported`](BrokerError::Unsupported) when it is built.
    fn can(&self) -> Capabilities;

    /// Makes a topic. One that is there with the same settings is no error; with others, it has these from now
    /// on, but for its partitions, of which there are never fewer.
    fn declare(&self, topic: Topic, settings: TopicSettings) -> BoxFuture<Result<(), BrokerError>>;

    /// Removes a topic with all that is in it. It is no error if there is none.
    fn remove(&self, topic: Topic) -> BoxFuture<Result<(), BrokerError>>;

    /// How many partitions a topic has.
    fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>>;

    /// An identity for a producer: a new one or, for a name that was there before, the same with the next epoch. The
    /// transaction that an earlier one of that name has open is aborted.
    fn identify(
        &self,
        name: Option<TransactionalId>,
    ) -> BoxFuture<Result<ProducerIdentity, BrokerError>>;

    /// Publishes, and answers as [`Batch::acks`] says.
    fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>>;

    /// Ends the transaction of a producer, whole. Sent again, it is not ended twice.
    fn conclude(&self, conclusion: Conclusion) -> BoxFuture<Result<(), BrokerError>>;

    /// Begins to be delivered messages.
    fn subscribe(
        &self,
        subscription: Subscription,
    ) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>>;

    /// Says what is to become of some deliveries, and answers, for each in their order, what has, when that is durable.
    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>>;

    /// Has a group read a partition from another place. What it had of it is void.
    fn seek(
        &self,
        group: Group,
        partition: Partition,
        to: Start,
    ) -> BoxFuture<Result<(), BrokerError>>;

    /// How far a group is behind in a partition.
    fn lag(&self, group: Group, partition: Partition) -> BoxFuture<Result<Lag, BrokerError>>;

    /// Forgets a group and what it has done of a topic, so that nothing is kept for it any more. It is no error if there
    /// is none. Its feeds are delivered nothing more.
    fn forget(&self, _group: Group, _topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        Box::pin(async { Err(Capability::Forget.into()) })
    }
}
