//! What brokers and their clients say to each other.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::peer_word::PeerWord;
use super::view::View;
use cascadia_patterns::messaging::group::{GroupError, GroupEvent, Who};
use cascadia_patterns::messaging::{
    Batch, BrokerError, DeliveryId, Fed, Generation, Group, Lag, Partition, ProducerIdentity,
    Receipt, Settle, Settled, Start, Subscription,
};

/// Something that is said.
#[derive(Clone, Debug)]
pub(super) enum Word {
    /// A client asks a broker something.
    Ask(Ask),
    /// The broker answers.
    Answer(u64, Answer),
    /// The broker tells a feed of the client something.
    Feed(u64, Vec<Fed>),
    /// A feed will be told nothing more.
    Broken(u64, BrokerError),
    /// A group tells a member something, which is a feed of the client.
    Group(u64, GroupEvent),
    /// A place tells another something.
    Peer(PeerWord),
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
    /// A feed wants to be told of the partitions that are kept here, and of so many messages at a time. Where
    /// partitions are shared, it has none until it says which.
    Attach(u64, Arc<Subscription>, u32),
    /// What a feed has here from now on, unless it has said otherwise since.
    Seat(Said, Seats),
    /// Of a group that is kept together here.
    Member(Membership),
    /// A feed is there still.
    Beat(u64),
    /// How many messages at a time a feed takes from now on, unless it has said otherwise since.
    Credit(Said, u32),
    /// A feed is no more.
    Detach(u64),
    Settle(Vec<DeliveryId>, Settle),
    Seek(Group, Partition, Start),
    Lag(Group, Partition),
    /// Who leads what, and who lives.
    View,
}

/// What comes of a question.
pub(super) type Answer = Result<Reply, BrokerError>;

#[derive(Clone, Debug)]
pub(super) enum Reply {
    Done,
    /// The feed is not known here.
    Unknown,
    Published(Receipt),
    Identity(ProducerIdentity),
    Settled(Vec<Settled>),
    Lag(Lag),
    Member(Result<(), GroupError>),
    View(View),
}

/// What a feed has said of itself, which may come twice and late.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) feed: u64,
    /// What was said later has a greater one.
    pub(super) number: u64,
}

/// The partitions of a member.
#[derive(Clone, Debug, Default)]
pub(super) struct Seats {
    /// The newest generation that it has heard of.
    pub(super) generation: Generation,
    pub(super) partitions: BTreeSet<Partition>,
}

/// What a member wants of its group.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    /// The positions of the topic and of its group.
    pub(super) group: (usize, usize),
    /// The feed that is the member.
    pub(super) feed: u64,
    pub(super) who: Who,
    pub(super) wish: Wish,
}

#[derive(Clone, Debug)]
pub(super) enum Wish {
    /// To join, with what it has.
    Join(BTreeSet<Partition>),
    /// To stay, in its generation.
    Stay(Generation),
    Leave,
}
