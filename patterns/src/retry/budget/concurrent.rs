use cascadia_runtime::Time;

use super::{End, RetryBudget, Trouble, UNIT, Withdrawal, fixed};
use crate::config::{ConfigError, require};

/// A bound on the retries under way at once; the defaults are those of Envoy's `retry_budget`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConcurrentConfig {
    /// Retries under way for each try under way; 0.2. At 0 the bound is `min` and does not move,
    /// as Envoy's `max_retries` (3 there too).
    pub share: f64,
    /// Retries that may be under way in any case; 3.
    pub min: u32,
}

impl Default for ConcurrentConfig {
    fn default() -> Self {
        Self { share: 0.2, min: 3 }
    }
}

impl ConcurrentConfig {
    /// Whether a budget can be built from this.
    ///
    /// # Errors
    ///
    /// When `share` is not from 0 to 1, or no retry could ever be made.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(
            (0.0..=1.0).contains(&self.share),
            "budget.concurrent.share",
            "must be from 0 to 1",
        )?;
        let some = self.share > 0.0 || self.min > 0;
        require(some, "budget.concurrent.min", "must be at least 1 where the share is 0")
    }
}

/// Bounds the retries under way, from their decision to their end, by a share of all tries under
/// way.
///
/// It needs no clock and no window: what is under way is the load there is. It bounds the load of
/// retries and not their number, so a server that fails fast is asked more often than one that
/// hangs. A retry that waits for its backoff counts as one under way, as in Envoy.
#[derive(Clone, Debug)]
pub struct ConcurrentBudget {
    share: i64,
    min: u32,
    tries: u32,
    retries: u32,
}

impl ConcurrentBudget {
    /// A budget with nothing under way.
    pub fn new(config: ConcurrentConfig) -> Self {
        Self { share: fixed(config.share), min: config.min, tries: 0, retries: 0 }
    }

    fn most(&self) -> u32 {
        let share = self.share * i64::from(self.tries) / UNIT;
        u32::try_from(share).unwrap_or(u32::MAX).max(self.min)
    }
}

impl RetryBudget for ConcurrentBudget {
    fn on_try(&mut self, _: Time, _: bool) {
        self.tries += 1;
    }

    fn on_end(&mut self, _: End, paid: Option<Withdrawal>) {
        self.tries -= 1;
        self.retries -= u32::from(paid.is_some());
    }

    fn withdraw(&mut self, now: Time, _: Trouble) -> Option<Withdrawal> {
        let free = self.retries < self.most();
        self.retries += u32::from(free);
        free.then_some(Withdrawal { at: now, cost: 1 })
    }

    fn give_back(&mut self, _: Withdrawal) {
        self.retries -= 1;
    }

    fn available(&mut self, _: Time) -> f64 {
        f64::from(self.most().saturating_sub(self.retries))
    }
}
