use schemars::JsonSchema;
use serde::Deserialize;

use crate::dto::words::string_or_object;
use crate::units::{Duration, Share};

/// Taking replicas out of the choice of the balancer, by somebody's rules.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outlier {
    /// Those of Envoy.
    Envoy(Box<EnvoyOutlier>),
    /// Those of gRPC A50.
    Grpc(Box<GrpcOutlier>),
}

/// Outlier detection by the rules of Envoy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvoyOutlier {
    /// Between two sweeps; 10s.
    pub(crate) interval: Option<Duration>,
    /// How long a replica is ejected, times how often it was; 30s.
    pub(crate) base_ejection_time: Option<Duration>,
    /// The longest ejection; 300s.
    pub(crate) max_ejection_time: Option<Duration>,
    /// The most that is added to each ejection at random; nothing.
    pub(crate) max_ejection_time_jitter: Option<Duration>,
    /// The share of replicas that may be ejected, the one to be ejected included; 10%.
    pub(crate) max_ejection_percent: Option<Share>,
    /// One may be ejected however few there are; no.
    pub(crate) always_eject_one: Option<bool>,
    /// Calls that bring no answer are counted apart; no.
    pub(crate) split_local_errors: Option<bool>,
    /// Errors in a row; 5.
    pub(crate) consecutive: Option<ErrorRun>,
    /// Refusals and timeouts in a row; 5, not enforced.
    pub(crate) consecutive_gateway: Option<ErrorRun>,
    /// Timeouts in a row, where they are counted apart; 5.
    pub(crate) consecutive_local: Option<ErrorRun>,
    /// A share of successes far below that of the others.
    pub(crate) success_rate: Option<SuccessRate>,
    /// The share of outliers by timeouts alone that is ejected; 100%.
    pub(crate) enforcing_local_success_rate: Option<Share>,
    /// A share of failures that is too large; not enforced.
    pub(crate) failure_percentage: Option<FailurePercentage>,
    /// The share of outliers by timeouts alone that is ejected; 0%.
    pub(crate) enforcing_local_failure_percentage: Option<Share>,
    /// Also counts what the caller itself refused and calls whose deadline had passed; no.
    pub(crate) count_local: Option<bool>,
}

/// Outlier detection by the rules of gRPC A50.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrpcOutlier {
    /// Between two sweeps; 10s.
    pub(crate) interval: Option<Duration>,
    /// How long a replica is ejected, times how often it was; 30s.
    pub(crate) base_ejection_time: Option<Duration>,
    /// The longest ejection; 300s.
    pub(crate) max_ejection_time: Option<Duration>,
    /// The share of ejected replicas from which on no more are; 10%.
    pub(crate) max_ejection_percent: Option<Share>,
    /// A share of successes far below that of the others; looked at unless `failure_percentage` is
    /// given alone.
    pub(crate) success_rate: Option<SuccessRate>,
    /// A share of failures that is too large; not looked at.
    pub(crate) failure_percentage: Option<FailurePercentage>,
    /// Also counts what the caller itself refused and calls whose deadline had passed; no.
    pub(crate) count_local: Option<bool>,
}

/// Errors in a row: their number, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorRun(pub(crate) ErrorRunObject);

string_or_object!(
    ErrorRun,
    "a number of errors or an object",
    u32,
    |errors| ErrorRun(ErrorRunObject { errors: Some(errors), enforcing: None }),
    ErrorRunObject,
    ErrorRun
);

/// Errors in a row.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorRunObject {
    /// How many of them make an outlier; 5.
    pub(crate) errors: Option<u32>,
    /// The share of outliers that is ejected.
    pub(crate) enforcing: Option<Share>,
}

/// A share of successes far below that of the others.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuccessRate {
    /// How many standard deviations below the mean; 1.9.
    pub(crate) stdev_factor: Option<f64>,
    /// Replicas that must have had enough calls; 5.
    pub(crate) minimum_hosts: Option<u32>,
    /// Calls in an interval that are enough; 100.
    pub(crate) request_volume: Option<u32>,
    /// The share of outliers that is ejected; 100%.
    pub(crate) enforcing: Option<Share>,
}

/// A share of failures that is too large.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailurePercentage {
    /// The share; 85%.
    pub(crate) threshold: Option<Share>,
    /// Replicas that must have had enough calls; 5.
    pub(crate) minimum_hosts: Option<u32>,
    /// Calls in an interval that are enough; 50.
    pub(crate) request_volume: Option<u32>,
    /// The share of outliers that is ejected; 100%, and 0% with Envoy.
    pub(crate) enforcing: Option<Share>,
}
