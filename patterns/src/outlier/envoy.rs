use std::time::Duration;

use super::rules::is_part;
use super::{FailurePercentage, Run, SuccessRate};
use crate::config::{ConfigError, is_share, require};

/// Outlier detection by the rules and with the defaults of Envoy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnvoyConfig {
    /// Between two sweeps; 10 s.
    pub interval: Duration,
    /// How long an endpoint is ejected, times how often it was; 30 s.
    pub base_ejection_time: Duration,
    /// The longest ejection; 300 s.
    pub max_ejection_time: Duration,
    /// The most that is added to each ejection at random; nothing.
    pub max_ejection_time_jitter: Duration,
    /// The share of endpoints that may be ejected, the one to be ejected included; 0.1.
    pub max_ejection_percent: f64,
    /// One may be ejected however few there are; no.
    pub always_eject_one: bool,
    /// Calls that bring no answer are counted apart; no.
    pub split_local_errors: bool,
    /// Errors in a row; 5, enforced.
    pub consecutive: Run,
    /// Gateway errors in a row; 5, not enforced.
    pub consecutive_gateway: Run,
    /// Calls in a row without an answer, where they are counted apart; 5, enforced.
    pub consecutive_local: Run,
    /// A share of successes below that of the others.
    pub success_rate: SuccessRate,
    /// The share of outliers by the success rate of local origin that is ejected; all.
    pub enforcing_local_success_rate: f64,
    /// A share of failures that is too large; not enforced.
    pub failure_percentage: FailurePercentage,
    /// The share of outliers by the failure percentage of local origin that is ejected; none.
    pub enforcing_local_failure_percentage: f64,
    /// Also counts what was refused on this side, and calls whose deadline had passed; no, for they
    /// tell of the caller and not of the server.
    pub count_local: bool,
}

impl Default for EnvoyConfig {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(10),
            base_ejection_time: Duration::from_secs(30),
            max_ejection_time: Duration::from_secs(300),
            max_ejection_time_jitter: Duration::ZERO,
            max_ejection_percent: 0.1,
            always_eject_one: false,
            split_local_errors: false,
            consecutive: Run { errors: 5, enforcing: 1.0 },
            consecutive_gateway: Run { errors: 5, enforcing: 0.0 },
            consecutive_local: Run { errors: 5, enforcing: 1.0 },
            success_rate: SuccessRate::default(),
            enforcing_local_success_rate: 1.0,
            failure_percentage: FailurePercentage { enforcing: 0.0, ..Default::default() },
            enforcing_local_failure_percentage: 0.0,
            count_local: false,
        }
    }
}

impl EnvoyConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let least = Duration::from_millis(1);
        let at_least = "must be at least a millisecond";
        require(self.interval >= least, "envoy.interval", at_least)?;
        require(self.base_ejection_time >= least, "envoy.base_ejection_time", at_least)?;
        require(
            self.max_ejection_time >= self.base_ejection_time,
            "envoy.max_ejection_time",
            "must be at least the base",
        )?;
        let share = "must be more than 0 and at most 1";
        require(is_share(self.max_ejection_percent), "envoy.max_ejection_percent", share)?;
        let part = "must be at least 0 and at most 1";
        let one = "must be at least 1";
        for (run, errors, enforcing) in [
            (self.consecutive, "envoy.consecutive.errors", "envoy.consecutive.enforcing"),
            (
                self.consecutive_gateway,
                "envoy.consecutive_gateway.errors",
                "envoy.consecutive_gateway.enforcing",
            ),
            (
                self.consecutive_local,
                "envoy.consecutive_local.errors",
                "envoy.consecutive_local.enforcing",
            ),
        ] {
            require(run.errors >= 1, errors, one)?;
            require(is_part(run.enforcing), enforcing, part)?;
        }
        let rate = self.success_rate;
        let factor = rate.stdev_factor;
        let positive = factor >= 0.0 && factor.is_finite();
        require(positive, "envoy.success_rate.stdev_factor", "must not be negative")?;
        require(rate.request_volume >= 1, "envoy.success_rate.request_volume", one)?;
        require(is_part(rate.enforcing), "envoy.success_rate.enforcing", part)?;
        let local = self.enforcing_local_success_rate;
        require(is_part(local), "envoy.enforcing_local_success_rate", part)?;
        let failed = self.failure_percentage;
        require(is_share(failed.threshold), "envoy.failure_percentage.threshold", share)?;
        require(failed.request_volume >= 1, "envoy.failure_percentage.request_volume", one)?;
        require(is_part(failed.enforcing), "envoy.failure_percentage.enforcing", part)?;
        let local = self.enforcing_local_failure_percentage;
        require(is_part(local), "envoy.enforcing_local_failure_percentage", part)
    }
}
