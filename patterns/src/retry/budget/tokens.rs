use cascadia_runtime::Time;

use super::{End, RetryBudget, Trouble, UNIT, Withdrawal, fixed, units};
use crate::config::{ConfigError, require};

/// Tokens that failures cost and successes earn; the defaults are gRPC's example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokensConfig {
    /// The most tokens there can be, and how many there are at first; 10.
    pub max: f64,
    /// What a success earns; 0.1.
    pub ratio: f64,
}

impl Default for TokensConfig {
    fn default() -> Self {
        Self { max: 10.0, ratio: 0.1 }
    }
}

impl TokensConfig {
    /// Whether a budget can be built from this.
    ///
    /// # Errors
    ///
    /// When `max` is not in (0, 1000], or `ratio` not in (0, 1000].
    pub fn check(&self) -> Result<(), ConfigError> {
        let sane = |number: f64| number > 0.0 && number <= 1000.0;
        let range = "must be above 0 and at most 1000";
        require(sane(self.max), "budget.tokens.max", range)?;
        require(sane(self.ratio), "budget.tokens.ratio", range)
    }
}

/// A throttle: each failure costs a token, each success earns a share of one, and retries are made
/// while more than half of the tokens are there.
///
/// As in gRPC (A6). Nothing is taken out for a retry, so there is nothing to give back, and a call
/// is never held up: without tokens it has its first try and no other. What a success earns
/// decides how many failures in a hundred are borne: at 0.1, nine or ten.
#[derive(Clone, Debug)]
pub struct TokensBudget {
    max: i64,
    earned: i64,
    tokens: i64,
}

impl TokensBudget {
    /// A full budget.
    pub fn new(config: TokensConfig) -> Self {
        let max = fixed(config.max);
        Self { max, earned: fixed(config.ratio), tokens: max }
    }
}

impl RetryBudget for TokensBudget {
    fn on_try(&mut self, _: Time, _: bool) {}

    fn on_end(&mut self, end: End, _: Option<Withdrawal>) {
        match end {
            End::Success => self.tokens = (self.tokens + self.earned).min(self.max),
            End::Trouble(_) => self.tokens = (self.tokens - UNIT).max(0),
            End::Other | End::Dropped => {}
        }
    }

    fn withdraw(&mut self, now: Time, _: Trouble) -> Option<Withdrawal> {
        (self.tokens > self.max / 2).then_some(Withdrawal { at: now, cost: 0 })
    }

    fn give_back(&mut self, _: Withdrawal) {}

    /// The tokens beyond half.
    fn available(&mut self, _: Time) -> f64 {
        units((self.tokens - self.max / 2).max(0))
    }
}
