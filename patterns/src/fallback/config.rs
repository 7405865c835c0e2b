use crate::config::{ConfigError, require};

/// What a step of a chain that calls may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FallbackConfig {
    /// Calls that it may have under way; 10 (Hystrix).
    pub limit: u32,
}

impl Default for FallbackConfig {
    fn default() -> Self {
        Self { limit: 10 }
    }
}

impl FallbackConfig {
    /// Whether a step can be built from this.
    ///
    /// # Errors
    ///
    /// When `limit` is zero.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.limit >= 1, "limit", "must be at least 1")
    }
}
