use std::time::Duration;

use crate::config::{ConfigError, is_growth, is_share, require};

/// How much more than what is accepted may be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThrottleConfig {
    /// Over how long requests and accepts are counted; 2 min (SRE book).
    pub window: Duration,
    /// The number of buckets it is made of; 120.
    pub buckets: u16,
    /// Requests that may be sent for each that is accepted; 2 (SRE book).
    pub k: f64,
    /// The largest share that is refused; 0.9.
    pub max_refused: f64,
    /// Requests a second, over the whole window, below which nothing is refused; 5 (Finagle).
    pub min_per_second: f64,
    /// Also counts what was refused on this side, and calls whose deadline had passed; no, for they
    /// tell of the caller and not of the server.
    pub count_local: bool,
}

impl Default for ThrottleConfig {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(120),
            buckets: 120,
            k: 2.0,
            max_refused: 0.9,
            min_per_second: 5.0,
            count_local: false,
        }
    }
}

impl ThrottleConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When there is no bucket or less than a nanosecond for each, `k` is below 1, the largest
    /// share is none, or the least rate is negative.
    pub fn check(&self) -> Result<(), ConfigError> {
        require(self.buckets >= 1, "buckets", "must be at least 1")?;
        let fits = self.window.as_nanos() >= u128::from(self.buckets);
        require(fits, "window", "must be at least a nanosecond for each bucket")?;
        require(is_growth(self.k), "k", "must be at least 1")?;
        let share = "must be more than 0 and at most 1";
        require(is_share(self.max_refused), "max_refused", share)?;
        let least = self.min_per_second;
        require(least >= 0.0 && least.is_finite(), "min_per_second", "must not be negative")
    }
}
