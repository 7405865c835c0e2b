use std::time::Duration;

use crate::config::{ConfigError, require};

/// When calls share an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SingleflightConfig {
    /// How long a call may have been under way for others to wait for it; 5 s (nginx).
    pub max_age: Duration,
}

impl Default for SingleflightConfig {
    fn default() -> Self {
        Self { max_age: Duration::from_secs(5) }
    }
}

impl SingleflightConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When nobody would ever share anything.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(!self.max_age.is_zero(), "max_age", "must be longer than zero")
    }
}
