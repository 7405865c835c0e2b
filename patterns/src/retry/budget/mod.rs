//! Bounds the retries of all calls together.

mod ratio;

use std::fmt::Debug;
use std::time::Duration;

use cascadia_runtime::Time;

pub use self::ratio::RatioBudget;
use crate::config::{ConfigError, require};

/// Decides how many retries a number of requests may cause.
///
/// The number of tries bounds what one call does to a server; it does not bound what all calls do
/// when all of them fail, which is when it matters.
pub trait RetryBudget: Debug + Send {
    /// A call is tried for the first time.
    fn on_request(&mut self, now: Time);

    /// Takes one retry out, if there is one.
    fn try_withdraw(&mut self, now: Time) -> bool;

    /// Puts back a retry that was taken out at `withdrawn` and not made.
    fn refund(&mut self, withdrawn: Time);
}

/// A budget that is a share of the requests; the defaults are Finagle's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BudgetConfig {
    /// Retries for each request; 0.2.
    pub ratio: f64,
    /// Retries for each second, besides, for callers with few requests; 10.
    pub min_per_second: f64,
    /// How long a request counts; 10 s.
    pub ttl: Duration,
}

impl Default for BudgetConfig {
    fn default() -> Self {
        Self { ratio: 0.2, min_per_second: 10.0, ttl: Duration::from_secs(10) }
    }
}

impl BudgetConfig {
    /// Whether a budget can be built from this.
    ///
    /// # Errors
    ///
    /// When a number is negative, not finite or beyond a million, or `ttl` is shorter than ten
    /// nanoseconds or longer than a day.
    pub fn check(&self) -> Result<(), ConfigError> {
        let sane = 0.0..=1e6;
        let range = "must be from 0 to a million";
        require(sane.contains(&self.ratio), "budget.ratio", range)?;
        require(sane.contains(&self.min_per_second), "budget.min_per_second", range)?;
        let ttl = Duration::from_nanos(10)..=Duration::from_secs(86_400);
        require(ttl.contains(&self.ttl), "budget.ttl", "must be from 10 ns to a day")
    }
}
