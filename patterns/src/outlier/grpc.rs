use std::time::Duration;

use super::rules::is_part;
use super::{FailurePercentage, SuccessRate};
use crate::config::{ConfigError, is_share, require};

/// Outlier detection by the rules and with the defaults of gRPC A50.
///
/// Where the text of A50 and its implementations differ, this is what grpc-go does: the share of
/// those that are ejected must be below the largest before one more is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GrpcConfig {
    /// Between two sweeps; 10 s.
    pub interval: Duration,
    /// How long an endpoint is ejected, times how often it was; 30 s.
    pub base_ejection_time: Duration,
    /// The longest ejection, where it is longer than the base; 300 s.
    pub max_ejection_time: Duration,
    /// The share of ejected endpoints from which on no more are; 0.1.
    pub max_ejection_percent: f64,
    /// A share of successes below that of the others, if it is looked at; with its defaults.
    pub success_rate: Option<SuccessRate>,
    /// A share of failures that is too large, if it is looked at; no.
    pub failure_percentage: Option<FailurePercentage>,
    /// Also counts what was refused on this side, and calls whose deadline had passed; no, for they
    /// tell of the caller and not of the server.
    pub count_local: bool,
}

impl Default for GrpcConfig {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(10),
            base_ejection_time: Duration::from_secs(30),
            max_ejection_time: Duration::from_secs(300),
            max_ejection_percent: 0.1,
            success_rate: Some(SuccessRate::default()),
            failure_percentage: None,
            count_local: false,
        }
    }
}

impl GrpcConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let least = Duration::from_millis(1);
        let at_least = "must be at least a millisecond";
        require(self.interval >= least, "grpc.interval", at_least)?;
        require(self.base_ejection_time >= least, "grpc.base_ejection_time", at_least)?;
        let (share, part) =
            ("must be more than 0 and at most 1", "must be at least 0 and at most 1");
        require(is_share(self.max_ejection_percent), "grpc.max_ejection_percent", share)?;
        let one = "must be at least 1";
        if let Some(rate) = self.success_rate {
            let positive = rate.stdev_factor >= 0.0 && rate.stdev_factor.is_finite();
            require(positive, "grpc.success_rate.stdev_factor", "must not be negative")?;
            require(rate.request_volume >= 1, "grpc.success_rate.request_volume", one)?;
            require(is_part(rate.enforcing), "grpc.success_rate.enforcing", part)?;
        }
        if let Some(failed) = self.failure_percentage {
            require(is_part(failed.threshold), "grpc.failure_percentage.threshold", part)?;
            require(failed.request_volume >= 1, "grpc.failure_percentage.request_volume", one)?;
            require(is_part(failed.enforcing), "grpc.failure_percentage.enforcing", part)?;
        }
        require(
            self.success_rate.is_some() || self.failure_percentage.is_some(),
            "grpc.success_rate",
            "must be given where `failure_percentage` is not",
        )
    }
}
