use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a request ended. Every request ends in exactly one of these.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// Answered with success.
    Ok,
    /// A service answered with an error.
    Failed,
    /// Somebody on the way stopped waiting.
    Timeout,
    /// A queue, a bulkhead or a deadline check refused it.
    Rejected,
    /// An open circuit breaker refused it.
    ShortCircuit,
    /// The run ended first.
    Unfinished,
}

impl OutcomeKind {
    /// Every kind, in the order of display.
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::Failed,
        Self::Timeout,
        Self::Rejected,
        Self::ShortCircuit,
        Self::Unfinished,
    ];

    /// The name in results and checks.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Timeout => "timeout",
            Self::Rejected => "rejected",
            Self::ShortCircuit => "short_circuit",
            Self::Unfinished => "unfinished",
        }
    }
}

/// Requests by how they ended; every kind is present.
pub type Outcomes = BTreeMap<OutcomeKind, u64>;

/// One source of load: requests whose intended send lies in [warm-up, duration).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LoadResult {
    /// Requests that were to be sent.
    pub offered: u64,
    /// Fingerprint of when they were to be sent and of what they ask, in whatever order: equal
    /// where two runs met the same load, whatever became of it.
    pub demand_digest: String,
    /// How they ended; sums to `offered`.
    pub outcomes: Outcomes,
    /// Those of `ok` in whose answer a fallback has a part.
    pub degraded: u64,
    /// Tries sent over the network on their behalf: the first of each, and every retry and copy at
    /// any depth. What a layer refuses before is not sent.
    pub attempts: u64,
    /// Latency of the requests that ended in `ok`, from the intended send.
    pub latency_ns: Latency,
    /// Latency of every request that ended, whatever its outcome.
    pub latency_all_ns: Latency,
    /// The histogram behind `latency_ns`, lowest bin first.
    pub histogram: Vec<Bin>,
}

/// A bin of a histogram: `count` values in [`low`, `high`), written as `[low, high, count]`.
pub type Bin = [u64; 3];

/// A latency distribution in nanoseconds. A value is `null` where there are too few samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// The exact mean.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<u64>,
    /// The 90th percentile.
    pub p90: Option<u64>,
    /// The 95th percentile.
    pub p95: Option<u64>,
    /// The 99th percentile.
    pub p99: Option<u64>,
    /// The 99.9th percentile.
    pub p999: Option<u64>,
    /// The 99.99th percentile.
    pub p9999: Option<u64>,
    /// The exact maximum.
    pub max: Option<u64>,
}
