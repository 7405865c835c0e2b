use std::time::Duration;

use super::capabilities::{Capabilities, Capability};
use super::ids::Topic;
use crate::config::{ConfigError, require};

/// What a topic is, and how long it keeps what is published to it.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `partitions` | partitions | 1 | Kafka `num.partitions` |
/// | `keep` | | log | |
/// | `retain_for` | time | 7 d | Kafka `log.retention.hours` |
/// | `retain_bytes` | bytes | no bound | Kafka `log.retention.bytes` |
/// | `dedupe` | time | 2 min | JetStream `duplicate_window` |
/// | `bound` | messages | no bound | |
/// | `overflow` | | reject | ours; RabbitMQ `drop-head` loses silently |
///
/// Each value is of one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSettings {
    /// How many partitions it has.
    pub partitions: u32,
    /// What is kept.
    pub keep: Keep,
    /// How long a message is kept at most. None keeps it without end.
    pub retain_for: Option<Duration>,
    /// How many bytes of messages are kept at most; the oldest go first.
    pub retain_bytes: Option<u64>,
    /// How long a message lives that says nothing of it ([`Message::expires`](super::Message::expires)).
    /// Unlike one that is kept no more, it is dead then, and goes to the dead letters.
    pub time_to_live: Option<Duration>,
    /// How long a message is known again by its id.
    pub dedupe: Duration,
    /// The most messages that are not done by all who read them.
    pub bound: Option<u64>,
    /// What happens to one too many.
    pub overflow: Overflow,
    /// Where it goes, if it is not refused.
    pub dead_letter: Option<Topic>,
    /// Whether the newest message is kept whatever else is said, for who subscribes with
    /// [`Start::Last`](super::Start::Last).
    pub keep_last: bool,
}

/// Which messages are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// All, until they are too old or too many: a log that many read, each at its pace.
    #[default]
    Log,
    /// Those that a group has still to do; all while there is no group: a queue (JetStream `WorkQueue` and
    /// `Interest`).
    Unsettled,
    /// The last one of each key.
    LastOfKey,
}

/// What happens to a message that is one too many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It is refused, and its producer told.
    #[default]
    Reject,
    /// The oldest one goes that no consumer has (RabbitMQ, JetStream).
    DropHead,
    /// It goes.
    DropNew,
}

impl Default for TopicSettings {
    fn default() -> Self {
        Self {
            partitions: 1,
            keep: Keep::default(),
            retain_for: Some(Duration::from_secs(7 * 24 * 3_600)),
            retain_bytes: None,
            time_to_live: None,
            dedupe: Duration::from_secs(120),
            bound: None,
            overflow: Overflow::default(),
            dead_letter: None,
            keep_last: false,
        }
    }
}

impl TopicSettings {
    /// A queue: what is done is gone.
    pub fn queue() -> Self {
        Self { keep: Keep::Unsettled, retain_for: None, ..Self::default() }
    }

    /// A log of so many partitions.
    pub fn log(partitions: u32) -> Self {
        Self { partitions, ..Self::default() }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where nothing could be in it.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.partitions >= 1, "partitions", "must be at least 1")?;
        require(self.bound != Some(0), "bound", "must be at least 1")?;
        require(self.retain_for != Some(Duration::ZERO), "retain_for", "must be longer than 0")?;
        require(self.time_to_live != Some(Duration::ZERO), "time_to_live", "must be longer than 0")
    }

    /// What a broker must be able to do for it.
    pub fn needs(&self) -> Capabilities {
        let asked = [
            (true, Capability::Declare),
            (self.partitions > 1, Capability::Partitions),
            (self.keep == Keep::LastOfKey, Capability::Compaction),
            (self.time_to_live.is_some(), Capability::Expiry),
            (self.bound.is_some(), Capability::Bound),
            (self.dead_letter.is_some(), Capability::DeadLetter),
            (self.keep_last, Capability::LastValue),
        ];
        asked.into_iter().filter_map(|(is_asked, what)| is_asked.then_some(what)).collect()
    }
}
