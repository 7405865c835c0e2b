use cascadia_runtime::Time;

use super::{End, RetryBudget, Trouble, Withdrawal};
use crate::config::{ConfigError, require};

/// A bound on the share of all there was that has failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CumulativeConfig {
    /// The failures for each first try up to which retries are made; 0.1.
    pub failures: f64,
}

impl Default for CumulativeConfig {
    fn default() -> Self {
        Self { failures: 0.1 }
    }
}

impl CumulativeConfig {
    /// Whether a budget can be built from this.
    ///
    /// # Errors
    ///
    /// When `failures` is not above 0 and at most 1.
    pub fn check(&self) -> Result<(), ConfigError> {
        let sane = self.failures > 0.0 && self.failures <= 1.0;
        require(sane, "budget.cumulative.failures", "must be above 0 and at most 1")
    }
}

/// Retries while the failed tries there ever were are at most a share of the first tries.
///
/// The circuit breaker for retries of Brooker, *Fixing retries with token buckets and circuit
/// breakers* (2022): all or nothing, so at a steady rate of failure just above the share it gives
/// up nearly every retry, and it never forgets. It is here to be compared with.
#[derive(Clone, Debug)]
pub struct CumulativeBudget {
    failures: f64,
    failed: u64,
    begun: u64,
}

impl CumulativeBudget {
    /// A budget that has seen nothing.
    pub fn new(config: CumulativeConfig) -> Self {
        Self { failures: config.failures, failed: 0, begun: 0 }
    }

    fn allowed(&self) -> f64 {
        self.failures * self.begun as f64
    }
}

impl RetryBudget for CumulativeBudget {
    fn on_try(&mut self, _: Time, first: bool) {
        self.begun += u64::from(first);
    }

    fn on_end(&mut self, end: End, _: Option<Withdrawal>) {
        self.failed += u64::from(matches!(end, End::Trouble(_)));
    }

    fn withdraw(&mut self, now: Time, _: Trouble) -> Option<Withdrawal> {
        (self.failed as f64 <= self.allowed()).then_some(Withdrawal { at: now, cost: 0 })
    }

    fn give_back(&mut self, _: Withdrawal) {}

    /// The failures that may still come.
    fn available(&mut self, _: Time) -> f64 {
        (self.allowed() - self.failed as f64).max(0.0)
    }
}
