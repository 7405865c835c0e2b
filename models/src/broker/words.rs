//! What brokers and their clients say to each other.

use std::sync::Arc;

use cascadia_patterns::messaging::{
    Batch, BrokerError, DeliveryId, Fed, Group, Lag, Partition, ProducerIdentity, Receipt, Settle,
    Settled, Start, Subscription,
};

/// Something that is said.
#[derive(Clone, Debug)]
pub(super) enum Word {
    /// A client asks a broker something.
    Ask(Ask),
    /// The broker answers.
    Answer(u64, Result<Reply, BrokerError>),
    /// The broker tells a feed of the client something.
    Feed(u64, Vec<Fed>),
    /// A feed will be told nothing more.
    Broken(u64, BrokerError),
}

/// A question.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// Which life of the client asks.
    pub(super) life: u64,
    /// What the answer is for; nothing where none is wanted.
    pub(super) number: Option<u64>,
    pub(super) what: Asked,
}

#[derive(Clone, Debug)]
pub(super) enum Asked {
    Publish(Batch),
    /// A producer wants an identity. Each gets a new one.
    Identify,
    /// A feed wants to be told of the partitions that are kept here, and of so many messages at a time.
    Attach(u64, Arc<Subscription>, u32),
    /// A feed is there still.
    Beat(u64),
    Credit(u64, u32),
    /// A feed is no more.
    Detach(u64),
    Settle(Vec<DeliveryId>, Settle),
    Seek(Group, Partition, Start),
    Lag(Group, Partition),
}

#[derive(Clone, Debug)]
pub(super) enum Reply {
    Done,
    /// The feed is not known here.
    Unknown,
    Published(Receipt),
    Identity(ProducerIdentity),
    Settled(Vec<Settled>),
    Lag(Lag),
}
