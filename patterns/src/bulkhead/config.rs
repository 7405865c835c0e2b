use std::time::Duration;

use crate::config::{ConfigError, require};

/// How many calls may be under way and how many may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkheadConfig {
    /// Calls under way at once; 25 (resilience4j).
    pub limit: u32,
    /// How long a call may wait for a permit; not at all (resilience4j).
    pub max_wait: Duration,
    /// How many calls may wait at once; any number.
    pub max_waiting: Option<u32>,
}

impl Default for BulkheadConfig {
    fn default() -> Self {
        Self { limit: 25, max_wait: Duration::ZERO, max_waiting: None }
    }
}

impl BulkheadConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When `limit` is zero.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.limit >= 1, "limit", "must be at least 1")
    }
}
