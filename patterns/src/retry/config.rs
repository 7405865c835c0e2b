use std::time::Duration;

use super::{Backoff, BudgetConfig};
use crate::config::{ConfigError, require};

/// How often, when and at whose expense a call is tried again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryConfig {
    /// Tries altogether, the first included; 3 (AWS, resilience4j).
    pub attempts: u16,
    /// The delays between them.
    pub backoff: Backoff,
    /// Bounds the retries of all calls together; no bound.
    pub budget: Option<BudgetConfig>,
    /// Also retries requests that are neither safe nor keyed; no.
    pub retry_unsafe: bool,
    /// The time a try needs to be of any use: without that much left after the delay, no retry is
    /// made; zero.
    pub min_useful: Duration,
    /// The longest wait a rejection may ask for; the longest of the backoff. Asked for more, no
    /// retry is made: whoever waited would come back together with everybody else who did.
    pub max_retry_after: Option<Duration>,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            attempts: 3,
            backoff: Backoff::default(),
            budget: None,
            retry_unsafe: false,
            min_useful: Duration::ZERO,
            max_retry_after: None,
        }
    }
}

impl RetryConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When there is no first try, or the backoff or the budget is inconsistent.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.attempts >= 1, "attempts", "must be at least 1")?;
        self.backoff.check()?;
        self.budget.map_or(Ok(()), |budget| budget.check())
    }

    pub(super) fn longest_wait(&self) -> Duration {
        self.max_retry_after.unwrap_or_else(|| self.backoff.longest())
    }
}
