use std::error::Error;
use std::fmt;

use super::capabilities::Capability;
use super::identity::Sequence;
use super::ids::Topic;
use crate::config::ConfigError;

/// Why a broker did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrokerError {
    /// This broker cannot do that, and never will.
    Unsupported(Capability),
    /// What was asked makes no sense.
    Invalid(ConfigError),
    /// There is no such topic or partition.
    NoTopic(Topic),
    /// The topic is as long as it may be. Nothing has happened; there may be room later.
    Full,
    /// The message is larger than the broker takes.
    TooLarge,
    /// A newer producer, member or broker has taken the place of this one, which must not go on.
    Fenced,
    /// The batch is not the one that follows: what is before it is not there. Nothing has happened.
    OutOfSequence {
        /// The number that would follow.
        expected: Sequence,
    },
    /// There is no such transaction, or it has ended, perhaps for taking too long.
    NoTransaction,
    /// What was to be read is kept no more, or not there yet, and [`Reset::Fail`](super::Reset::Fail) was asked for.
    OutOfRange,
    /// The feed is closed: by its user, or with the broker.
    Closed,
    /// The broker cannot be reached, or cannot go on, or somebody else leads now. Nothing has happened;
    /// try again.
    Unavailable(String),
    /// The broker was lost sight of meanwhile: it has happened, happens yet, or never will. What is numbered or has
    /// an id can be sent again.
    Unknown(String),
}

impl BrokerError {
    /// Whether it is certain that what ended so has not happened, and will not.
    pub const fn is_nothing(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// Whether the same may go well when it is tried again.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Full | Self::Unavailable(_) | Self::Unknown(_))
    }
}

impl fmt::Display for BrokerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(what) => write!(f, "the broker does not support {what}"),
            Self::Invalid(why) => write!(f, "invalid: {why}"),
            Self::NoTopic(topic) => write!(f, "there is no topic {topic}"),
            Self::Full => f.write_str("the topic is full"),
            Self::TooLarge => f.write_str("the message is larger than the broker takes"),
            Self::Fenced => f.write_str("a newer one has taken its place"),
            Self::OutOfSequence { expected } => {
                write!(f, "the batch does not follow: {} is next", expected.get())
            }
            Self::NoTransaction => f.write_str("there is no such transaction"),
            Self::OutOfRange => f.write_str("what was to be read is not there"),
            Self::Closed => f.write_str("the feed is closed"),
            Self::Unavailable(why) => write!(f, "the broker is not available: {why}"),
            Self::Unknown(why) => write!(f, "whether it has happened is not known: {why}"),
        }
    }
}

impl Error for BrokerError {}

impl From<Capability> for BrokerError {
    fn from(missing: Capability) -> Self {
        Self::Unsupported(missing)
    }
}

impl From<ConfigError> for BrokerError {
    fn from(error: ConfigError) -> Self {
        Self::Invalid(error)
    }
}
