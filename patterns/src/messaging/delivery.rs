use std::sync::Arc;

use cascadia_runtime::Wall;

use super::ids::{Group, Offset, Partition};
use super::message::Message;

/// Where a delivery comes from: shared by all of a feed's deliveries from one partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The partition that the message is of.
    pub partition: Partition,
    /// The group that it was delivered to.
    pub group: Group,
}

/// One delivery of a message, and no other: also not that of the same message to the same consumer
/// after the broker was restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// Which life of the broker, or of a channel to it.
    pub term: u64,
    /// Which delivery of that.
    pub number: u64,
}

/// What a delivery is settled by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId {
    /// Where it comes from.
    pub source: Arc<Source>,
    /// The place of the message.
    pub offset: Offset,
    /// Which delivery of it.
    pub token: Token,
}

/// A message, handed to a consumer until it settles it or its time is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What it is settled by.
    pub id: DeliveryId,
    /// The message.
    pub message: Arc<Message>,
    /// Which one it is: 1 for the first. Attempts that ended with the broker may not be counted.
    pub attempt: u32,
    /// When the broker had it, by its clock.
    pub published: Wall,
}
