use std::sync::Arc;

use crate::messaging::error::BrokerError;
use crate::messaging::ids::{Offset, Topic};
use crate::messaging::message::Message;
use crate::messaging::receipt::Receipt;
use crate::messaging::settle::Settled;

/// What an answer is for. Whoever asks chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// A group, as a partition knows it until its process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderId(pub u32);

/// Somebody of a group, whom messages are delivered to. Whoever runs the partition chooses it, and
/// uses none twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsumerId(pub u64);

/// What a partition has to say. Answers are told only when all that they rely on is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// What became of a batch.
    Published(Ticket, Result<Receipt, BrokerError>),
    /// What became of deliveries that were settled, in the order in which they were named.
    Settled(Ticket, Vec<Settled>),
    /// Something else that was asked for has happened.
    Done(Ticket),
    /// A message is to be put into a dead letter topic. When that is durable,
    /// [`on_buried`](super::PartitionCore::on_buried) is due.
    Bury(Burial),
    /// A consumer has this no more, whether it settled it or not.
    Freed(ReaderId, ConsumerId, Offset),
    /// A group will not get what lies from the one up to the other, as that is kept no more.
    Gap(ReaderId, Offset, Offset),
    /// A group wanted what is not there, and is to be told that as an error.
    OutOfRange(ReaderId),
}

/// A message that is dead, and not buried yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burial {
    /// Which one.
    pub of: Deceased,
    /// Where it goes.
    pub to: Topic,
    /// What goes there: the message with headers of what happened to it. Its id is the same each time it is
    /// buried.
    pub letter: Arc<Message>,
}

/// Whose message is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deceased {
    /// One that a group gave up.
    Delivered(ReaderId, Offset),
    /// One for which there was no room, by the number of its burial.
    Overflowed(u64),
}
