use cascadia_patterns::outlier::{
    EnvoyConfig, FailurePercentage, GrpcConfig, OutlierConfig, Run, SuccessRate,
};

use super::or;
use crate::dto;
use crate::units::Share;

pub(super) fn config(outlier: &dto::Outlier) -> OutlierConfig {
    match outlier {
        dto::Outlier::Envoy(rules) => OutlierConfig::Envoy(envoy(rules)),
        dto::Outlier::Grpc(rules) => OutlierConfig::Grpc(grpc(rules)),
    }
}

fn envoy(rules: &dto::EnvoyOutlier) -> EnvoyConfig {
    let default = EnvoyConfig::default();
    let base = or(rules.base_ejection_time, default.base_ejection_time);
    EnvoyConfig {
        interval: or(rules.interval, default.interval),
        base_ejection_time: base,
        max_ejection_time: or(rules.max_ejection_time, default.max_ejection_time.max(base)),
        max_ejection_time_jitter: or(
            rules.max_ejection_time_jitter,
            default.max_ejection_time_jitter,
        ),
        max_ejection_percent: share(rules.max_ejection_percent, default.max_ejection_percent),
        always_eject_one: rules.always_eject_one.unwrap_or(default.always_eject_one),
        split_local_errors: rules.split_local_errors.unwrap_or(default.split_local_errors),
        consecutive: run(rules.consecutive, default.consecutive),
        consecutive_gateway: run(rules.consecutive_gateway, default.consecutive_gateway),
        consecutive_local: run(rules.consecutive_local, default.consecutive_local),
        success_rate: rules
            .success_rate
            .map_or(default.success_rate, |given| success_rate(given, default.success_rate)),
        enforcing_local_success_rate: share(
            rules.enforcing_local_success_rate,
            default.enforcing_local_success_rate,
        ),
        failure_percentage: rules.failure_percentage.map_or(default.failure_percentage, |given| {
            failure_percentage(given, default.failure_percentage)
        }),
        enforcing_local_failure_percentage: share(
            rules.enforcing_local_failure_percentage,
            default.enforcing_local_failure_percentage,
        ),
        count_local: rules.count_local.unwrap_or(default.count_local),
    }
}

fn grpc(rules: &dto::GrpcOutlier) -> GrpcConfig {
    let default = GrpcConfig::default();
    let rate = rules.success_rate.map(|given| success_rate(given, SuccessRate::default()));
    let failed = rules.failure_percentage;
    let failed = failed.map(|given| failure_percentage(given, FailurePercentage::default()));
    let unsaid = default.success_rate.filter(|_| failed.is_none());
    GrpcConfig {
        interval: or(rules.interval, default.interval),
        base_ejection_time: or(rules.base_ejection_time, default.base_ejection_time),
        max_ejection_time: or(rules.max_ejection_time, default.max_ejection_time),
        max_ejection_percent: share(rules.max_ejection_percent, default.max_ejection_percent),
        success_rate: rate.or(unsaid),
        failure_percentage: failed,
        count_local: rules.count_local.unwrap_or(default.count_local),
    }
}

fn run(given: Option<dto::ErrorRun>, default: Run) -> Run {
    given.map_or(default, |dto::ErrorRun(run)| Run {
        errors: run.errors.unwrap_or(default.errors),
        enforcing: share(run.enforcing, default.enforcing),
    })
}

fn success_rate(given: dto::SuccessRate, default: SuccessRate) -> SuccessRate {
    SuccessRate {
        stdev_factor: given.stdev_factor.unwrap_or(default.stdev_factor),
        minimum_hosts: given.minimum_hosts.unwrap_or(default.minimum_hosts),
        request_volume: given.request_volume.unwrap_or(default.request_volume),
        enforcing: share(given.enforcing, default.enforcing),
    }
}

fn failure_percentage(
    given: dto::FailurePercentage,
    default: FailurePercentage,
) -> FailurePercentage {
    FailurePercentage {
        threshold: share(given.threshold, default.threshold),
        minimum_hosts: given.minimum_hosts.unwrap_or(default.minimum_hosts),
        request_volume: given.request_volume.unwrap_or(default.request_volume),
        enforcing: share(given.enforcing, default.enforcing),
    }
}

fn share(given: Option<Share>, default: f64) -> f64 {
    given.map_or(default, |share| share.0)
}
