use std::time::Duration;

use crate::config::{ConfigError, require};

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeoutConfig {
    /// The time from the beginning of the call to its deadline; 30 s (Polly).
    pub after: Duration,
}

impl Default for TimeoutConfig {
    fn default() -> Self {
        Self { after: Duration::from_secs(30) }
    }
}

impl TimeoutConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When `after` is zero.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(!self.after.is_zero(), "after", "must be longer than zero")
    }
}
