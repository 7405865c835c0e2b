use std::time::Duration;

use crate::config::{ConfigError, require};
use crate::store::Key;

/// Where orchestrators have their rows, and how they take over from each other.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `lease` | time | 30 s | ours |
/// | `skew` | time | 1 s | ours |
/// | `sweep` | time | 5 s | ours |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrchestratorConfig {
    /// What the keys of all rows begin with.
    pub prefix: Key,
    /// How long an orchestrator may be silent before another one takes a saga over.
    pub lease: Duration,
    /// How far the clocks of two orchestrators may be apart. It costs time, and no safety: that rests on epochs.
    pub skew: Duration,
    /// How often it is looked for sagas that nobody drives.
    pub sweep: Duration,
}

impl OrchestratorConfig {
    /// The usual one, with rows under this prefix.
    pub fn new(prefix: impl Into<Key>) -> Self {
        Self {
            prefix: prefix.into(),
            lease: Duration::from_secs(30),
            skew: Duration::from_secs(1),
            sweep: Duration::from_secs(5),
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where a lease would be over before it is renewed, or nobody would ever look.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(
            self.lease > self.skew.saturating_mul(4),
            "lease",
            "must be more than four times the skew",
        )?;
        require(!self.lease.is_zero(), "lease", "must be longer than 0")?;
        require(!self.sweep.is_zero(), "sweep", "must be longer than 0")
    }
}
