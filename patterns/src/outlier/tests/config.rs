use super::*;
use crate::testing::ms;

fn envoy(change: impl FnOnce(&mut EnvoyConfig)) -> &'static str {
    let mut config = EnvoyConfig::default();
    change(&mut config);
    OutlierConfig::Envoy(config).check().unwrap_err().field
}

fn grpc(change: impl FnOnce(&mut GrpcConfig)) -> &'static str {
    let mut config = GrpcConfig::default();
    change(&mut config);
    OutlierConfig::Grpc(config).check().unwrap_err().field
}

#[test]
fn the_defaults_make_sense() {
    assert_eq!(OutlierConfig::Envoy(EnvoyConfig::default()).check(), Ok(()));
    assert_eq!(OutlierConfig::Grpc(GrpcConfig::default()).check(), Ok(()));
}

#[test]
fn each_mistake_is_named() {
    assert_eq!(envoy(|c| c.interval = ms(0)), "envoy.interval");
    assert_eq!(envoy(|c| c.base_ejection_time = ms(0)), "envoy.base_ejection_time");
    assert_eq!(envoy(|c| c.max_ejection_time = ms(1)), "envoy.max_ejection_time");
    assert_eq!(envoy(|c| c.max_ejection_percent = 1.1), "envoy.max_ejection_percent");
    assert_eq!(envoy(|c| c.consecutive.errors = 0), "envoy.consecutive.errors");
    assert_eq!(
        envoy(|c| c.consecutive_local.enforcing = -0.1),
        "envoy.consecutive_local.enforcing"
    );
    assert_eq!(envoy(|c| c.success_rate.stdev_factor = -1.0), "envoy.success_rate.stdev_factor");
    assert_eq!(envoy(|c| c.success_rate.request_volume = 0), "envoy.success_rate.request_volume");
    assert_eq!(
        envoy(|c| c.failure_percentage.threshold = 0.0),
        "envoy.failure_percentage.threshold"
    );
    assert_eq!(grpc(|c| c.interval = ms(0)), "grpc.interval");
    assert_eq!(grpc(|c| c.max_ejection_percent = 0.0), "grpc.max_ejection_percent");
    assert_eq!(grpc(|c| c.success_rate = None), "grpc.success_rate");
}
