use std::time::Duration;

use crate::config::ConfigError;

/// When a request comes too late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeadlineConfig {
    /// What must be left until the deadline for the work to be worth beginning; none.
    pub min_remaining: Duration,
    /// How much earlier the deadline is for the work and what it calls, which leaves time for the
    /// way back; none.
    pub hop_margin: Duration,
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
