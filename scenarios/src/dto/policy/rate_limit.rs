use schemars::JsonSchema;
use serde::Deserialize;

use crate::dto::words::string_or_object;
use crate::units::{Duration, Rate};

/// A bound on calls in a time: a rate, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RateLimit(pub(crate) RateLimitObject);

string_or_object!(
    RateLimit,
    "a rate such as \"100/s\" or an object",
    Rate,
    |rate| RateLimit(RateLimitObject {
        algorithm: RateAlgorithm::TokenBucket(RateBucket { rate, burst: None }),
        max_wait: None,
    }),
    RateLimitObject,
    RateLimit
);

/// A bound on calls in a time, and who may wait.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateLimitObject {
    /// How calls are counted.
    pub(crate) algorithm: RateAlgorithm,
    /// How long a call may wait for its turn; not at all.
    pub(crate) max_wait: Option<Duration>,
}

/// How calls are counted.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RateAlgorithm {
    /// A bucket that fills at a rate.
    TokenBucket(RateBucket),
    /// A token bucket kept as one instant.
    Gcra(RateBucket),
    /// So many in any window.
    SlidingLog(RateWindow),
    /// About so many in any window.
    SlidingCounter(RateWindow),
    /// So many in each cycle.
    FixedCycle(RateWindow),
}

/// A rate, and how far calls may come ahead of it.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateBucket {
    /// Calls that pass in the long run.
    pub(crate) rate: Rate,
    /// Calls that pass at once after a rest; those of one second.
    pub(crate) burst: Option<u32>,
}

/// So many calls in a window.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateWindow {
    /// Calls in a window.
    pub(crate) limit: u32,
    /// Its length.
    pub(crate) window: Duration,
}
