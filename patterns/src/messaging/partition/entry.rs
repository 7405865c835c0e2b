use std::sync::Arc;

use cascadia_runtime::Wall;

use crate::messaging::identity::{Numbered, ProducerIdentity, Sequence};
use crate::messaging::ids::{Group, MessageId, Offset};
use crate::messaging::message::Message;

/// Something that must outlive the partition's process.
///
/// A partition is what its entries make of it, one after another
/// ([`PartitionCore::replay`](super::PartitionCore::replay)). It says itself which of them it needs no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place: from 1, each one more than the one before.
    pub index: u64,
    /// What it says.
    pub change: Change,
}

/// What has changed in a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Messages came.
    Appended(Appended),
    /// What is before this is kept no more.
    Trimmed(Offset),
    /// A producer's transaction has ended, committed or not.
    Ended(ProducerIdentity, bool),
    /// What is known of a producer, whose batches may be kept no more.
    Producer(ProducerState),
    /// Ids of messages that are kept no more, and are to be known again.
    Seen(Vec<Known>),
    /// What a group has done, as a whole.
    Cursor(Group, Cursor),
    /// A group is done with these.
    Done(Group, Vec<Offset>),
    /// A delivery to a group has failed.
    Tried(Group, Tried),
    /// A group will not deliver this any more; it goes to the dead letters.
    Doomed(Group, Offset, Arc<str>),
    /// A group is no more.
    Left(Group),
}

/// Messages that came together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Where the first of them is. The others follow.
    pub first: Offset,
    /// When they came. It never goes back from one entry to the next.
    pub at: Wall,
    /// The messages.
    pub messages: Vec<Arc<Message>>,
    /// Whose batch that is.
    pub numbered: Option<Numbered>,
    /// Whether it is of the open transaction of its producer.
    pub transactional: bool,
}

/// What makes a producer's batches known when they come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerState {
    /// Whose.
    pub producer: ProducerIdentity,
    /// When it last sent something.
    pub at: Wall,
    /// The newest batches, oldest first.
    pub batches: Vec<Placed>,
}

/// A batch and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The number of its first message.
    pub first: Sequence,
    /// How many messages it has.
    pub messages: u32,
    /// Where its first message is; none where no message was added.
    pub offset: Option<Offset>,
}

/// A message id that was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The id.
    pub id: MessageId,
    /// Where the message was.
    pub offset: Offset,
    /// When it came.
    pub at: Wall,
}

/// What a group has done in a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// It is done with everything before this.
    pub floor: Offset,
    /// And with these: from the one, and before the other.
    pub done: Vec<(Offset, Offset)>,
    /// Deliveries that have failed.
    pub tried: Vec<Tried>,
    /// What goes to the dead letters.
    pub doomed: Vec<(Offset, Arc<str>)>,
}

/// How often a message was delivered that is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The message.
    pub offset: Offset,
    /// So often.
    pub attempts: u32,
    /// It is not delivered again before this.
    pub until: Wall,
}
