use std::time::Duration;

use cascadia_runtime::Time;

use crate::config::{ConfigError, require};

/// How many calls may pass, and for how long one may wait for its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitConfig {
    /// How calls are counted.
    pub algorithm: Algorithm,
    /// How long a call may wait for its turn; without waiting is what governor does.
    pub max_wait: Duration,
}

/// How calls are counted. There is no default: a rate is a property of what is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// A bucket of `burst` tokens that fills at `rate`.
    TokenBucket {
        /// Tokens that come in.
        rate: Rate,
        /// Most tokens that it holds.
        burst: u32,
    },
    /// A token bucket kept as one instant.
    Gcra {
        /// Calls that pass in the long run.
        rate: Rate,
        /// Calls that pass at once after a rest.
        burst: u32,
    },
    /// At most `limit` calls in any window.
    SlidingLog {
        /// Calls in a window.
        limit: u32,
        /// Its length.
        window: Duration,
    },
    /// At most about `limit` calls in any window.
    SlidingCounter {
        /// Calls in a window.
        limit: u32,
        /// Its length.
        window: Duration,
    },
    /// At most `limit` calls in each cycle.
    FixedCycle {
        /// Calls in a cycle.
        limit: u32,
        /// Its length.
        window: Duration,
    },
}

impl Algorithm {
    /// Bytes that it takes up after so many calls.
    pub fn bytes(&self, calls: f64) -> f64 {
        match *self {
            Self::SlidingLog { limit, .. } => calls.min(limit.into()) * size_of::<Time>() as f64,
            _ => 0.0,
        }
    }
}

/// So many permits in so much time. Two whole numbers, so that nothing is lost to rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Permits.
    pub permits: u32,
    /// The time in which they come.
    pub per: Duration,
}

impl Rate {
    /// `permits` a second.
    pub const fn per_second(permits: u32) -> Self {
        Self { permits, per: Duration::from_secs(1) }
    }
}

impl RateLimitConfig {
    /// Counts by `algorithm` and lets nobody wait.
    pub const fn new(algorithm: Algorithm) -> Self {
        Self { algorithm, max_wait: Duration::ZERO }
    }

    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When no call would ever pass, or calls would pass faster than one a nanosecond.
    pub fn check(&self) -> Result<(), ConfigError> {
        match self.algorithm {
            Algorithm::TokenBucket { rate, burst } => {
                check_rate(rate, "algorithm.token_bucket.rate")?;
                require(burst >= 1, "algorithm.token_bucket.burst", AT_LEAST_ONE)
            }
            Algorithm::Gcra { rate, burst } => {
                check_rate(rate, "algorithm.gcra.rate")?;
                require(burst >= 1, "algorithm.gcra.burst", AT_LEAST_ONE)
            }
            Algorithm::SlidingLog { limit, window } => {
                require(limit >= 1, "algorithm.sliding_log.limit", AT_LEAST_ONE)?;
                require(!window.is_zero(), "algorithm.sliding_log.window", LONGER_THAN_ZERO)
            }
            Algorithm::SlidingCounter { limit, window } => {
                require(limit >= 1, "algorithm.sliding_counter.limit", AT_LEAST_ONE)?;
                require(!window.is_zero(), "algorithm.sliding_counter.window", LONGER_THAN_ZERO)
            }
            Algorithm::FixedCycle { limit, window } => {
                require(limit >= 1, "algorithm.fixed_cycle.limit", AT_LEAST_ONE)?;
                require(!window.is_zero(), "algorithm.fixed_cycle.window", LONGER_THAN_ZERO)
            }
        }
    }
}

const AT_LEAST_ONE: &str = "must be at least 1";
const LONGER_THAN_ZERO: &str = "must be longer than zero";

fn check_rate(rate: Rate, field: &'static str) -> Result<(), ConfigError> {
    require(rate.permits >= 1, field, "must be more than zero")?;
    let fits = rate.per.as_nanos() >= u128::from(rate.permits);
    require(fits, field, "must be at most one a nanosecond")
}
