use std::time::Duration;

use crate::config::ConfigError;

/// When a request comes too late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeadlineConfig {
    /// What must be left until the deadline for the work to be worth beginning; none.
    pub min_remaining: Duration,
}

impl DeadlineConfig {
    /// Whether a layer can be built from this: always.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }
}
