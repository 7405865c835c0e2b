use std::time::Duration;

use crate::config::{ConfigError, require};

/// The three numbers of the breaker of introductions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentConfig {
    /// Failures, since it last closed, that open it; 5.
    pub failures: u32,
    /// How long after the last failure it stays open; 30 s.
    pub recovery: Duration,
    /// Successes in half-open that close it; 3.
    pub successes: u32,
}

impl Default for DocumentConfig {
    fn default() -> Self {
        Self { failures: 5, recovery: Duration::from_secs(30), successes: 3 }
    }
}

impl DocumentConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When a number is zero.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.failures >= 1, "failures", "must be at least 1")?;
        require(!self.recovery.is_zero(), "recovery", "must be longer than zero")?;
        require(self.successes >= 1, "successes", "must be at least 1")
    }
}
