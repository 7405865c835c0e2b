use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CauseResult, Outcomes};

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
    /// Those that were answered, by the kind of answer: of a failure what the first on the way said,
    /// of a success what it was given a status for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, u64>,
    /// Why those failed that did, the commonest reason first; sums to `outcomes` without `ok` and
    /// `unfinished`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<CauseResult>,
    /// The services that they may come to: by messages, if anything is published for them, and then by calls at any
    /// depth, who calls before who is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reaches: Vec<String>,
    /// Tries sent over the network on their behalf: the first of each, and every retry and copy at
    /// any depth. What a layer refuses before is not sent.
    pub attempts: u64,
    /// What else was counted of them, by the name of its metric, such as `degraded`.
    #[serde(flatten)]
    pub counts: BTreeMap<String, u64>,
    /// Latency of the requests that ended in `ok`, from the intended send.
    pub latency_ns: Latency,
    /// Latency of every request, whatever its outcome. What is unfinished counts with its age at
    /// the end of the run, so no figure is greater than the truth.
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
