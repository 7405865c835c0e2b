//! Runs of errors, and how many may be ejected.

use super::*;
use crate::observe::Ejection;
use crate::testing::at;

fn roomy() -> EnvoyConfig {
    EnvoyConfig { max_ejection_percent: 0.5, ..EnvoyConfig::default() }
}

#[test]
fn the_fifth_error_in_a_row_ejects_at_once() {
    let mut bench = Bench::envoy(roomy(), 10);
    bench.outcomes(at(1), 3, Sign::Error, 4);
    bench.outcomes(at(1), 3, Sign::Success, 1);
    bench.outcomes(at(1), 3, Sign::Error, 4);
    assert_eq!(bench.at(at(1)), []);
    bench.outcomes(at(2), 3, Sign::Error, 1);
    assert_eq!(bench.at(at(2)), [3]);
    let reason = Ejection::ConsecutiveErrors;
    assert_eq!(bench.changes(), [Change::Ejected { endpoint: key(3), reason }]);
}

#[test]
fn of_five_hosts_envoy_ejects_none_by_default_and_grpc_one() {
    let mut envoy = Bench::envoy(EnvoyConfig::default(), 5);
    envoy.outcomes(at(0), 0, Sign::Error, 100);
    assert_eq!(envoy.at(at(0)), [], "one of five is more than 10 %");
    assert_eq!(envoy.changes(), [Change::Denied { endpoint: key(0) }; 20]);

    let mut grpc = Bench::grpc(GrpcConfig::default(), 5);
    grpc.interval(at(0), 100, &[50, 100, 100, 100, 100]);
    assert_eq!(grpc.at(at(10_000)), [0], "none of five is less than 10 %");
}

#[test]
fn envoy_may_be_told_to_eject_one_however_few_there_are() {
    let config = EnvoyConfig { always_eject_one: true, ..EnvoyConfig::default() };
    let mut bench = Bench::envoy(config, 5);
    bench.outcomes(at(0), 0, Sign::Error, 5);
    bench.outcomes(at(0), 1, Sign::Error, 5);
    assert_eq!(bench.at(at(0)), [0]);
}

#[test]
fn of_ten_hosts_each_ejects_one_and_no_more() {
    let mut envoy = Bench::envoy(EnvoyConfig::default(), 10);
    (0..3).for_each(|endpoint| envoy.outcomes(at(0), endpoint, Sign::Error, 5));
    assert_eq!(envoy.at(at(0)), [0]);
    let rate = SuccessRate { stdev_factor: 1.0, ..SuccessRate::default() };
    let config = GrpcConfig { success_rate: Some(rate), ..GrpcConfig::default() };
    let mut grpc = Bench::grpc(config, 10);
    grpc.interval(at(0), 100, &[10, 10, 100, 100, 100, 100, 100, 100, 100, 100]);
    assert_eq!(grpc.at(at(10_000)), [0]);
}

#[test]
fn gateway_errors_are_counted_apart_and_not_enforced() {
    let only_gateway = EnvoyConfig {
        consecutive: Run { errors: 1_000, enforcing: 1.0 },
        consecutive_gateway: Run { errors: 5, enforcing: 1.0 },
        ..roomy()
    };
    let mut bench = Bench::envoy(only_gateway, 10);
    for _ in 0..10 {
        bench.outcomes(at(0), 0, Sign::GatewayError, 4);
        bench.outcomes(at(0), 0, Sign::Error, 1);
    }
    assert_eq!(bench.at(at(0)), [], "an error of its own ends the run");
    bench.outcomes(at(0), 0, Sign::GatewayError, 5);
    assert_eq!(bench.at(at(0)), [0]);
    let unenforced = Run { errors: 5, enforcing: 0.0 };
    let config = EnvoyConfig { consecutive_gateway: unenforced, ..only_gateway };
    let mut bench = Bench::envoy(config, 10);
    bench.outcomes(at(0), 0, Sign::GatewayError, 100);
    assert_eq!(bench.at(at(0)), []);
}

#[test]
fn without_an_answer_is_a_gateway_error_unless_it_is_counted_apart() {
    let mut together = Bench::envoy(roomy(), 10);
    together.outcomes(at(0), 0, Sign::Error, 3);
    together.outcomes(at(0), 0, Sign::NoAnswer, 2);
    assert_eq!(together.at(at(0)), [0]);

    let mut apart = Bench::envoy(EnvoyConfig { split_local_errors: true, ..roomy() }, 10);
    apart.outcomes(at(0), 0, Sign::Error, 3);
    apart.outcomes(at(0), 0, Sign::NoAnswer, 4);
    apart.outcomes(at(0), 0, Sign::Success, 1);
    apart.outcomes(at(0), 0, Sign::NoAnswer, 4);
    assert_eq!(apart.at(at(0)), [], "an answer ends the run");
    apart.outcomes(at(0), 0, Sign::NoAnswer, 1);
    assert_eq!(apart.at(at(0)), [0]);
    let reason = Ejection::ConsecutiveLocalErrors;
    assert_eq!(apart.changes(), [Change::Ejected { endpoint: key(0), reason }]);
}

#[test]
fn a_share_of_outliers_may_be_ejected() {
    let half = Run { errors: 1, enforcing: 0.5 };
    let config = EnvoyConfig { max_ejection_percent: 1.0, consecutive: half, ..roomy() };
    let mut bench = Bench::envoy(config, 1_000);
    (0..1_000).for_each(|endpoint| bench.outcomes(at(0), endpoint, Sign::Error, 1));
    let ejected = bench.at(at(0)).len();
    assert!((450..550).contains(&ejected), "{ejected}");
}

#[test]
fn an_endpoint_that_is_back_is_not_ejected_for_what_was_before() {
    let mut bench = Bench::envoy(roomy(), 10);
    bench.outcomes(at(0), 0, Sign::Error, 5 + 4);
    assert_eq!(bench.at(at(30_000)), []);
    bench.outcomes(at(30_000), 0, Sign::Error, 4);
    assert_eq!(bench.at(at(30_000)), [], "four of before and four of now are not eight");
    bench.outcomes(at(30_000), 0, Sign::Error, 1);
    assert_eq!(bench.at(at(30_000)), [0]);
}
