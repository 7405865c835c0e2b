//! Success rate and failure percentage.

use super::*;
use crate::outlier::rates::lower_bound;
use crate::testing::at;

#[test]
fn the_bound_is_that_of_the_population() {
    let bound = lower_bound([0.5, 1.0, 1.0, 1.0, 1.0].into_iter(), 1.9);
    assert!((bound - 0.52).abs() < 1e-12, "{bound}");
    let bound = lower_bound([0.5, 0.5, 1.0, 1.0, 1.0].into_iter(), 1.9);
    assert!((bound - (0.8 - 1.9 * 0.06_f64.sqrt())).abs() < 1e-12, "{bound}");
}

#[test]
fn a_sick_minority_is_found_and_a_sick_large_minority_is_not() {
    let mut bench = Bench::envoy(rates_only(), 5);
    bench.interval(at(0), 100, &[50, 100, 100, 100, 100]);
    assert_eq!(bench.at(at(10_000)), [0]);
    let mut bench = Bench::envoy(rates_only(), 5);
    bench.interval(at(0), 100, &[50, 50, 100, 100, 100]);
    assert_eq!(bench.at(at(10_000)), [], "the bound is 33 %");
}

#[test]
fn too_few_hosts_or_too_few_calls_say_nothing() {
    for (hosts, volume, expected) in [(5, 100, vec![0]), (4, 100, vec![]), (5, 99, vec![])] {
        let mut bench = Bench::envoy(rates_only(), hosts);
        let good: Vec<u32> = (0..hosts).map(|host| if host == 0 { 10 } else { 100 }).collect();
        bench.interval(at(0), volume, &good);
        assert_eq!(bench.at(at(10_000)), expected, "{hosts} hosts with {volume} calls");
    }
}

#[test]
fn an_interval_is_judged_by_itself() {
    let mut bench = Bench::envoy(rates_only(), 5);
    bench.interval(at(0), 60, &[0, 100, 100, 100, 100]);
    bench.interval(at(10_000), 60, &[0, 100, 100, 100, 100]);
    assert_eq!(bench.at(at(20_000)), [], "60 calls each, not 120");
}

#[test]
fn at_the_threshold_envoy_ejects_and_grpc_does_not() {
    let rule = FailurePercentage::default();
    for (good, envoy_ejects, grpc_ejects) in
        [(15, true, false), (14, true, true), (16, false, false)]
    {
        let good = [good, 100, 100, 100, 100];
        let config = EnvoyConfig {
            success_rate: SuccessRate { enforcing: 0.0, ..SuccessRate::default() },
            failure_percentage: rule,
            ..rates_only()
        };
        let mut envoy = Bench::envoy(config, 5);
        envoy.interval(at(0), 100, &good);
        assert_eq!(envoy.at(at(10_000)) == [0], envoy_ejects, "{good:?}");
        let config = GrpcConfig {
            success_rate: None,
            failure_percentage: Some(rule),
            ..GrpcConfig::default()
        };
        let mut grpc = Bench::grpc(config, 5);
        grpc.interval(at(0), 100, &good);
        assert_eq!(grpc.at(at(10_000)) == [0], grpc_ejects, "{good:?}");
    }
}

#[test]
fn envoy_does_not_enforce_the_failure_percentage_unless_told_to() {
    let config = EnvoyConfig {
        success_rate: SuccessRate { enforcing: 0.0, ..SuccessRate::default() },
        ..rates_only()
    };
    let mut bench = Bench::envoy(config, 5);
    bench.interval(at(0), 100, &[0, 100, 100, 100, 100]);
    assert_eq!(bench.at(at(10_000)), []);
}

#[test]
fn the_success_rate_of_local_origin_is_apart() {
    let config = EnvoyConfig { split_local_errors: true, ..rates_only() };
    let off = Run { errors: 1_000_000, enforcing: 0.0 };
    let mut bench = Bench::envoy(EnvoyConfig { consecutive_local: off, ..config }, 5);
    bench.interval(at(0), 200, &[100; 5]);
    bench.outcomes(at(0), 2, Sign::NoAnswer, 200);
    assert_eq!(bench.at(at(10_000)), [2]);
}

#[test]
fn the_failure_percentage_of_local_origin_is_enforced_by_its_own_share() {
    let off = Run { errors: 1_000_000, enforcing: 0.0 };
    let config = EnvoyConfig {
        split_local_errors: true,
        consecutive_local: off,
        enforcing_local_success_rate: 0.0,
        ..rates_only()
    };
    for (enforcing, expected) in [(0.0, vec![]), (1.0, vec![2])] {
        let config = EnvoyConfig { enforcing_local_failure_percentage: enforcing, ..config };
        let mut bench = Bench::envoy(config, 5);
        bench.interval(at(0), 50, &[100; 5]);
        bench.outcomes(at(0), 2, Sign::NoAnswer, 300);
        assert_eq!(bench.at(at(10_000)), expected);
    }
}
