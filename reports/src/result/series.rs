use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ComponentSeries, OutcomeKind, PolicySeries};

/// What happened over time: windows of equal width from the warm-up to the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    /// The beginning of the first window.
    pub start_ns: u64,
    /// The width of a window. The last one may be cut by the end of the run.
    pub window_ns: u64,
    /// The end of the last window.
    pub end_ns: u64,
    /// Each source of load.
    pub loads: BTreeMap<String, LoadSeries>,
    /// Each service.
    pub services: BTreeMap<String, ServiceSeries>,
    /// Each group of other components; absent where there is none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<String, ComponentSeries>,
    /// Each layer of a policy on its way to a target.
    pub policies: BTreeMap<String, PolicySeries>,
}

/// One source of load over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LoadSeries {
    /// When it begins to send.
    pub from_ns: u64,
    /// When it stops sending.
    pub until_ns: u64,
    /// It sends whatever becomes of its requests; clients that wait for an answer send less when
    /// that takes longer.
    pub open: bool,
    /// Requests to be sent in the window.
    pub offered: Vec<u64>,
    /// Requests that ended in the window, by how they ended.
    pub outcomes: BTreeMap<OutcomeKind, Vec<u64>>,
    /// Tries sent in the window, at any depth.
    pub attempts: Vec<u64>,
    /// Retries that a budget denied in the window.
    pub retries_denied: Vec<u64>,
    /// Median latency of what ended in `ok` in the window, in nanoseconds.
    pub p50_ns: Vec<Option<u64>>,
    /// 95th percentile.
    pub p95_ns: Vec<Option<u64>>,
    /// 99th percentile.
    pub p99_ns: Vec<Option<u64>>,
    /// 99.9th percentile.
    pub p999_ns: Vec<Option<u64>>,
    /// Maximum.
    pub max_ns: Vec<Option<u64>>,
    /// What else was counted in the window, by the name of its metric, such as `degraded`.
    #[serde(flatten)]
    pub counts: BTreeMap<String, Vec<u64>>,
}

/// One service over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceSeries {
    /// Requests that arrived.
    pub arrivals: Vec<u64>,
    /// Requests that were worked off.
    pub completions: Vec<u64>,
    /// Requests refused.
    pub rejected: Vec<u64>,
    /// Requests that were answered with success and whose caller still waited.
    #[serde(default)]
    pub useful: Vec<u64>,
    /// Mean number of waiting requests.
    pub queue_mean: Vec<f64>,
    /// Mean number of busy workers.
    pub in_service_mean: Vec<f64>,
    /// Share of the workers that were busy; `null` while none was up or where they are unlimited.
    pub utilisation: Vec<Option<f64>>,
    /// Share of the busy time that was spent for callers that had gone.
    pub wasted_share: Vec<Option<f64>>,
    /// Mean wait of the requests that began service, in nanoseconds.
    pub wait_ns: Vec<Option<f64>>,
    /// Requests that arrived at each replica, in order; absent unless there are 2 to 64 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replica_arrivals: Vec<Vec<u64>>,
    /// Further figures where they are not 0 in the whole run, such as `refusing_share`.
    #[serde(flatten)]
    pub figures: BTreeMap<String, Vec<Option<f64>>>,
}
