use std::time::Duration;

use crate::config::{ConfigError, require};
use crate::messaging::{Acks, Capabilities, Capability, TransactionalId};
use crate::retry::Backoff;

/// How a producer gathers messages, sends them, and sends them again.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `acks` | | all | Kafka since 3.0 |
/// | `idempotent` | | yes | Kafka `enable.idempotence` since 3.0 |
/// | `linger` | time | 5 ms | Kafka 4.0 `linger.ms`; 0 before |
/// | `batch_bytes` | bytes | 16 KiB | Kafka `batch.size` |
/// | `buffer_bytes` | bytes | 32 MiB | Kafka `buffer.memory` |
/// | `when_full` | | block for 60 s | Kafka `max.block.ms` |
/// | `in_flight` | batches of a partition | 5 | Kafka `max.in.flight.requests.per.connection`, which is of a node |
/// | `request_timeout` | time | 30 s | Kafka `request.timeout.ms` |
/// | `delivery_timeout` | time | 120 s | Kafka `delivery.timeout.ms` |
/// | `backoff` | | 100 ms, doubled up to 1 s, ± 20 % | Kafka `retry.backoff.ms`, `retry.backoff.max.ms` |
/// | `metadata_age` | time | 5 min | Kafka `metadata.max.age.ms` |
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerConfig {
    /// When the broker answers.
    pub acks: Acks,
    /// Whether batches are numbered, so that one that is sent again is there once, and in its order.
    pub idempotent: bool,
    /// The name under which the broker knows this producer when it is started anew: what an earlier one has under
    /// way is then refused. Without it, the identity is another one each time.
    pub name: Option<TransactionalId>,
    /// How long a batch waits for more messages.
    pub linger: Duration,
    /// The size at which a batch waits no longer. A message that is larger is a batch of its own.
    pub batch_bytes: usize,
    /// The most bytes of messages that are taken and have not ended.
    pub buffer_bytes: usize,
    /// What happens to a message for which there is no room.
    pub when_full: WhenFull,
    /// The most batches of a partition under way. Without numbers, more than one of them may change
    /// places when one is sent again.
    pub in_flight: u32,
    /// How long one try may take.
    pub request_timeout: Duration,
    /// How long a message may take altogether, from when it was taken.
    pub delivery_timeout: Duration,
    /// The rests between tries.
    pub backoff: Backoff,
    /// How long it is believed how many partitions a topic has.
    pub metadata_age: Duration,
}

/// What happens to a message for which there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// It waits for so long, and is refused then.
    Block(Duration),
    /// It is dropped, and counted.
    Drop,
    /// It is refused.
    Error,
}

impl Default for ProducerConfig {
    fn default() -> Self {
        Self {
            acks: Acks::All,
            idempotent: true,
            name: None,
            linger: Duration::from_millis(5),
            batch_bytes: 16 << 10,
            buffer_bytes: 32 << 20,
            when_full: WhenFull::Block(Duration::from_secs(60)),
            in_flight: 5,
            request_timeout: Duration::from_secs(30),
            delivery_timeout: Duration::from_secs(120),
            backoff: Backoff::Proportional {
                base: Duration::from_millis(100),
                factor: 2.0,
                max: Duration::from_secs(1),
                spread: 0.2,
            },
            metadata_age: Duration::from_secs(300),
        }
    }
}

impl ProducerConfig {
    /// For those who do not ask what became of a message: nothing is numbered, and no answer waited for.
    pub fn fire_and_forget() -> Self {
        Self { acks: Acks::None, idempotent: false, when_full: WhenFull::Drop, ..Self::default() }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where nothing could be sent, or the order is promised that could not be kept.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.in_flight >= 1, "in_flight", "must be at least 1")?;
        let keeps_order = !self.idempotent || self.in_flight <= 5;
        require(keeps_order, "in_flight", "must be at most 5, as brokers know the last five")?;
        let is_answered = !self.idempotent || self.acks != Acks::None;
        require(is_answered, "acks", "must not be none where batches are numbered")?;
        require(self.buffer_bytes >= 1, "buffer_bytes", "must be at least 1")?;
        require(!self.request_timeout.is_zero(), "request_timeout", "must be longer than 0")?;
        let least = self.linger.saturating_add(self.request_timeout);
        require(self.delivery_timeout >= least, "delivery_timeout", "must have room for a try")?;
        self.backoff.check()
    }

    /// What a broker must be able to do for it.
    pub fn needs(&self) -> Capabilities {
        let asked = [
            (self.acks == Acks::Leader, Capability::Confirm),
            (self.acks == Acks::All, Capability::ConfirmAll),
            (self.idempotent, Capability::Idempotence),
        ];
        asked.into_iter().filter_map(|(is_asked, what)| is_asked.then_some(what)).collect()
    }
}
