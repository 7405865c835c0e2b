use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One service over [warm-up, duration), all replicas together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceResult {
    /// Requests that reached a replica that was up.
    pub arrivals: u64,
    /// Requests that were answered, with success or an error; each once.
    pub completions: u64,
    /// Requests refused by the full queue or by the inbound stack.
    pub rejected: u64,
    /// Requests worked on, wholly or in part, for a caller that had gone.
    pub wasted: u64,
    /// The share of busy worker time that was spent on them; `null` where no worker was busy.
    pub wasted_share: Option<f64>,
    /// Busy worker time ÷ (workers × time up); `null` where the workers are unlimited.
    pub utilisation: Option<f64>,
    /// Mean number of waiting requests, those in service excluded.
    pub queue_mean: f64,
    /// Most waiting requests at once at one replica.
    pub queue_max: u64,
    /// Mean number of requests in service.
    pub in_service_mean: f64,
    /// Mean wait of a request that began service.
    pub wait_ns: Option<f64>,
    /// The same for each replica, in order.
    pub replicas: Vec<ReplicaResult>,
    /// Further figures where they are not 0, such as `refusing_share`; their names end with their
    /// units.
    #[serde(flatten)]
    pub figures: BTreeMap<String, f64>,
}

/// One replica of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplicaResult {
    /// Requests that reached it while it was up.
    pub arrivals: u64,
    /// Requests that it answered, with success or an error.
    pub completions: u64,
    /// Busy worker time ÷ (workers × time up).
    pub utilisation: Option<f64>,
}
