use schemars::JsonSchema;
use serde::Deserialize;

use super::PerSecond;
use crate::units::{Duration, Share};

/// Sending little more than what is accepted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Throttle {
    /// Over how long requests and accepts are counted; 2m.
    pub(crate) window: Option<Duration>,
    /// The buckets by which the window slides; 120.
    pub(crate) buckets: Option<u16>,
    /// Requests for each that is accepted; 2.
    pub(crate) k: Option<f64>,
    /// The largest share that is refused; 90%.
    pub(crate) max_refused: Option<Share>,
    /// Requests a second below which nothing is refused; "5/s" or 5.
    pub(crate) min_per_second: Option<PerSecond>,
    /// Also counts what the caller itself refused and calls whose deadline had passed; no.
    pub(crate) count_local: Option<bool>,
}
