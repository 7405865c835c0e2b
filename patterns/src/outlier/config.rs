use std::time::Duration;

use super::{EnvoyConfig, FailurePercentage, GrpcConfig, SuccessRate};
use crate::config::ConfigError;

/// Whose rules say what an outlier is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutlierConfig {
    /// Those of Envoy.
    Envoy(EnvoyConfig),
    /// Those of gRPC A50.
    Grpc(GrpcConfig),
}

impl OutlierConfig {
    /// Whether a layer can be built from this.
    ///
    /// # Errors
    ///
    /// When an interval or an ejection is shorter than a millisecond, the longest ejection is
    /// shorter than the base, a share is none or a number of calls or errors is zero.
    pub fn check(&self) -> Result<(), ConfigError> {
        match self {
            Self::Envoy(config) => config.check(),
            Self::Grpc(config) => config.check(),
        }
    }

    pub(super) fn count_local(&self) -> bool {
        match self {
            Self::Envoy(config) => config.count_local,
            Self::Grpc(config) => config.count_local,
        }
    }

    pub(super) fn interval(&self) -> Duration {
        match self {
            Self::Envoy(config) => config.interval,
            Self::Grpc(config) => config.interval,
        }
    }

    pub(super) fn success_rate(&self) -> Option<SuccessRate> {
        match self {
            Self::Envoy(config) => Some(config.success_rate),
            Self::Grpc(config) => config.success_rate,
        }
    }

    pub(super) fn failure_percentage(&self) -> Option<FailurePercentage> {
        match self {
            Self::Envoy(config) => Some(config.failure_percentage),
            Self::Grpc(config) => config.failure_percentage,
        }
    }

    /// Whether one more of `all` endpoints may be ejected where `ejected` are.
    pub(super) fn has_room(&self, ejected: usize, all: usize) -> bool {
        let share = |ejected: usize| ejected as f64 / all as f64;
        match self {
            Self::Envoy(config) => {
                share(ejected + 1) <= config.max_ejection_percent
                    || config.always_eject_one && ejected == 0
            }
            Self::Grpc(config) => share(ejected) < config.max_ejection_percent,
        }
    }

    /// How often an endpoint was ejected if it now is once more, and for how long it is.
    pub(super) fn ejection(&self, times: u32) -> (u32, Duration) {
        let (times, base, max) = match self {
            Self::Envoy(config) => {
                let (base, max) = (config.base_ejection_time, config.max_ejection_time);
                (times + u32::from(base.saturating_mul(times) < max + base), base, max)
            }
            Self::Grpc(config) => {
                let base = config.base_ejection_time;
                (times.saturating_add(1), base, config.max_ejection_time.max(base))
            }
        };
        (times, base.saturating_mul(times).min(max))
    }

    pub(super) fn jitter(&self) -> Duration {
        match self {
            Self::Envoy(config) => config.max_ejection_time_jitter,
            Self::Grpc(_) => Duration::ZERO,
        }
    }

    /// Whether a share of failures is that of an outlier.
    pub(super) fn is_too_large(&self, failed: f64, threshold: f64) -> bool {
        match self {
            Self::Envoy(_) => failed >= threshold,
            Self::Grpc(_) => failed > threshold,
        }
    }
}
