use std::time::Duration;

use crate::config::{ConfigError, require};

/// How long a failure is kept, and how many are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CooldownConfig {
    /// How long after a failure nothing is sent for its key; 10 s (nginx, Java).
    pub pause: Duration,
    /// Keys whose failures are kept; 1,000 (ours).
    pub max_keys: u32,
    /// Also counts what was refused on this side, and calls whose deadline had passed; no, for they
    /// tell of the caller and not of what is called.
    pub count_local: bool,
}

impl Default for CooldownConfig {
    fn default() -> Self {
        Self { pause: Duration::from_secs(10), max_keys: 1_000, count_local: false }
    }
}

impl CooldownConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When nothing would ever be refused: no failure is kept, or each for no time.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(!self.pause.is_zero(), "pause", "must be longer than 0")?;
        require(self.max_keys >= 1, "max_keys", "must be at least 1")
    }
}
