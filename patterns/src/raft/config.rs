use std::time::Duration;

use crate::config::{ConfigError, require};

/// The times that members wait, and how much they send at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RaftConfig {
    /// The shortest silence of a leader after which a member stands for election; 150 ms (the paper).
    pub election_timeout_min: Duration,
    /// The longest; 300 ms (the paper). Each wait is drawn from between the two. A leader that has
    /// not heard from a majority for so long steps down.
    pub election_timeout_max: Duration,
    /// How often a leader tells that it is there; 50 ms, a third of the shortest election timeout
    /// (ours), so that the loss of one heartbeat starts no election.
    pub heartbeat: Duration,
    /// Entries in one message; 64 (hashicorp/raft). Four such messages are under way to a follower
    /// at most.
    pub max_entries: u32,
}

impl Default for RaftConfig {
    fn default() -> Self {
        Self {
            election_timeout_min: Duration::from_millis(150),
            election_timeout_max: Duration::from_millis(300),
            heartbeat: Duration::from_millis(50),
            max_entries: 64,
        }
    }
}

impl RaftConfig {
    /// Whether a member can be built from this.
    ///
    /// # Errors
    ///
    /// When followers would stand for election between two heartbeats, or nothing could be sent.
    pub fn check(&self) -> Result<(), ConfigError> {
        let [min, max] = [self.election_timeout_min, self.election_timeout_max];
        require(!self.heartbeat.is_zero(), "heartbeat", "must be longer than 0")?;
        require(min > self.heartbeat, "election_timeout_min", "must be longer than heartbeat")?;
        require(max >= min, "election_timeout_max", "must be at least election_timeout_min")?;
        require(self.max_entries >= 1, "max_entries", "must be at least 1")
    }
}
