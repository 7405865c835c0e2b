use std::fmt;

use crate::messaging::{BrokerError, Offset, Partition};

/// What has become of a message. Each ends in exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The broker has it.
    Confirmed {
        /// Where.
        partition: Partition,
        /// Its place, where the broker tells it.
        offset: Option<Offset>,
    },
    /// The broker has it not, and never will.
    Failed(Why),
    /// It is there, or will be, or not.
    Unknown(Doubt),
    /// There was no room for it, and that is what should happen then.
    Dropped(NoRoom),
}

/// Why a message was not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The broker refused it, or could not be asked.
    Broker(BrokerError),
    /// Its time was over before it could be sent; the last answer, if there was one.
    Expired(Option<BrokerError>),
    /// The buffer of the producer was full.
    BufferFull,
    /// The producer takes no more.
    Closed,
}

/// Why nobody knows whether a message was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No answer was asked for.
    NotAsked,
    /// No answer came in all the time that there was.
    NoAnswer(BrokerError),
    /// The producer was dropped with its world.
    Gone,
}

/// Where there was no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRoom {
    /// In the buffer of the producer.
    Buffer,
    /// In the topic.
    Topic,
}

impl Fate {
    /// Whether the broker is known to have it.
    pub const fn is_confirmed(&self) -> bool {
        matches!(self, Self::Confirmed { .. })
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Confirmed { partition, offset: Some(offset) } => {
                write!(f, "confirmed at {offset} of {partition}")
            }
            Self::Confirmed { partition, offset: None } => write!(f, "confirmed in {partition}"),
            Self::Failed(Why::Broker(error)) => write!(f, "failed: {error}"),
            Self::Failed(Why::Expired(None)) => f.write_str("failed: it was never sent"),
            Self::Failed(Why::Expired(Some(error))) => write!(f, "failed, in the end: {error}"),
            Self::Failed(Why::BufferFull) => f.write_str("failed: the buffer is full"),
            Self::Failed(Why::Closed) => f.write_str("failed: the producer is closed"),
            Self::Unknown(Doubt::NotAsked) => f.write_str("sent, and nobody asked"),
            Self::Unknown(Doubt::NoAnswer(error)) => write!(f, "unknown: {error}"),
            Self::Unknown(Doubt::Gone) => f.write_str("unknown: the producer is gone"),
            Self::Dropped(NoRoom::Buffer) => f.write_str("dropped: the buffer is full"),
            Self::Dropped(NoRoom::Topic) => f.write_str("dropped: the topic is full"),
        }
    }
}

/// How many messages ended how, and what was done for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProducerCounts {
    /// Messages that were offered.
    pub offered: u64,
    /// Those that the broker has.
    pub confirmed: u64,
    /// Of these, those that it had already.
    pub duplicates: u64,
    /// Those that it has not.
    pub failed: u64,
    /// Those of which nobody knows.
    pub unknown: u64,
    /// Those for which there was no room.
    pub dropped: u64,
    /// Batches that were sent.
    pub sent: u64,
    /// Of these, those that were sent before.
    pub retried: u64,
    /// How often the broker was asked for an identity.
    pub identified: u64,
}

impl ProducerCounts {
    pub(super) fn count(&mut self, fate: &Fate) {
        match fate {
            Fate::Confirmed { .. } => self.confirmed += 1,
            Fate::Failed(_) => self.failed += 1,
            Fate::Unknown(_) => self.unknown += 1,
            Fate::Dropped(_) => self.dropped += 1,
        }
    }

    /// Messages that have not ended.
    pub const fn pending(&self) -> u64 {
        self.offered - self.confirmed - self.failed - self.unknown - self.dropped
    }
}
