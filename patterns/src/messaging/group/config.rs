use std::time::Duration;

use crate::config::{ConfigError, require};
use crate::messaging::sharing::Assignor;

/// How a group is kept together.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `session_timeout` | time | 45 s | Kafka `session.timeout.ms` (3.0) |
/// | `rebalance_timeout` | time | 300 s | Kafka `max.poll.interval.ms` |
/// | `initial_delay` | time | 3 s | Kafka `group.initial.rebalance.delay.ms` |
/// | `assignor` | | cooperative sticky | Kafka's default is range, then cooperative sticky |
///
/// Members send a heartbeat in a third of the session timeout or less; Kafka's is 3 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupConfig {
    /// How long a member may be silent before it is taken for dead.
    pub session_timeout: Duration,
    /// How long a rebalance waits for members that have not joined again.
    pub rebalance_timeout: Duration,
    /// How long the first rebalance of an empty group waits for more members, so that those who are started together are
    /// assigned together.
    pub initial_delay: Duration,
    /// How partitions are distributed.
    pub assignor: Assignor,
}

impl Default for GroupConfig {
    fn default() -> Self {
        Self {
            session_timeout: Duration::from_secs(45),
            rebalance_timeout: Duration::from_secs(300),
            initial_delay: Duration::from_secs(3),
            assignor: Assignor::default(),
        }
    }
}

impl GroupConfig {
    /// Whether a group can be kept by this.
    ///
    /// # Errors
    ///
    /// When members would be dead at once.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(!self.session_timeout.is_zero(), "session_timeout", "must be longer than 0")?;
        require(!self.rebalance_timeout.is_zero(), "rebalance_timeout", "must be longer than 0")
    }
}
