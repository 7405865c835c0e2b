use std::time::Duration;

use crate::config::{ConfigError, require};
use crate::store::Key;

/// Where an outbox has its rows, and how they are relayed.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `batch` | messages | 100 | MassTransit `MessageDeliveryLimit` |
/// | `query_delay` | time | 5 s | MassTransit `OutboxDeliveryServiceOptions.QueryDelay`, as it is in its sources (2022 to 2026); other accounts have 1 s and 10 s |
/// | `lease` | time | 30 s | ours |
/// | `skew` | time | 1 s | ours |
/// | `timeout` | time | 5 s | MassTransit `MessageDeliveryTimeout` |
/// | `reads` | | from the start | ours |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxConfig {
    /// What the keys of all its rows begin with.
    pub prefix: Key,
    /// The most messages that are read, published and deleted together.
    pub batch: usize,
    /// How long a relay waits at most before it looks again. It is told of new rows by the store, so this is for what
    /// failed, and for stores that have forgotten their changes.
    pub query_delay: Duration,
    /// How long a relay may be silent before another one takes its place.
    pub lease: Duration,
    /// How far clocks of two relays may be apart. It costs time, and no safety: that rests on the revision of
    /// the lease.
    pub skew: Duration,
    /// How long the broker may take for a batch.
    pub timeout: Duration,
    /// Where it begins to read.
    pub reads: ReadFrom,
}

/// Where a relay begins to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadFrom {
    /// At the first row that there is. Nothing is behind it.
    #[default]
    Start,
    /// Behind the last row that it has published, as a relay does that polls by an ascending id. † Rows are
    /// numbered when they are written and seen when they are committed: what commits after one of a higher number
    /// is never published ([`Outbox::passed`](super::Outbox::passed)). It is here to be simulated, and for
    /// stores of one writer.
    Last,
}

impl OutboxConfig {
    /// The usual one, with rows under this prefix.
    pub fn new(prefix: impl Into<Key>) -> Self {
        Self {
            prefix: prefix.into(),
            batch: 100,
            query_delay: Duration::from_secs(5),
            lease: Duration::from_secs(30),
            skew: Duration::from_secs(1),
            timeout: Duration::from_secs(5),
            reads: ReadFrom::Start,
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where nothing would be relayed, or two would relay all the time.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.batch >= 1, "batch", "must be at least 1")?;
        require(!self.query_delay.is_zero(), "query_delay", "must be longer than 0")?;
        require(!self.timeout.is_zero(), "timeout", "must be longer than 0")?;
        let once = self.timeout.saturating_add(self.skew);
        let is_long = self.lease > once.saturating_mul(2);
        require(is_long, "lease", "must be more than twice the timeout and the skew")
    }
}
