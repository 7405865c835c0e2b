//! Balancers and outlier detection.

use std::time::Duration;

use cascadia_patterns::balance::{BalanceKind, Chooser, Wish};
use cascadia_patterns::call::{Status, Tried};
use cascadia_patterns::endpoints::{Endpoint, EndpointKey, EndpointSet, SetChange, Way};
use cascadia_patterns::outlier::{
    EnvoyConfig, FailurePercentage, GrpcConfig, Outlier, OutlierConfig, Sign, SuccessRate,
};
use cascadia_runtime::{Stream, Time};

use super::super::allocations;
use super::{End, turns};

const ENDPOINTS: u64 = 5;

/// A way that is always open.
struct Ready;

impl Way for Ready {
    fn status(&self, _: Time) -> Status {
        Status::Ready
    }
}

#[test]
fn a_balancer_allocates_nothing() {
    for kind in [
        BalanceKind::RoundRobin,
        BalanceKind::Random,
        BalanceKind::LeastConnections,
        BalanceKind::P2c,
    ] {
        let (mut chooser, mut stream) = (Chooser::new(kind.build()), Stream::from_seed(1));
        let mut set = EndpointSet::default();
        for key in (0..ENDPOINTS).map(EndpointKey::new) {
            set.change(SetChange::Join { endpoint: Endpoint::new(key), way: Ready });
        }
        let mut end = turns();
        let tried = Tried::default();
        let count = allocations(|now| {
            let second = EndpointKey::new(1);
            if end() == End::Failure {
                set.eject(second);
            } else {
                set.restore(second);
            }
            let again = end() == End::Failure;
            let wish = Wish { now, key: None, tried: again.then_some(&tried) };
            let first = chooser.on_call(&mut set, wish, &mut stream).expect("there are endpoints");
            let taken = first.endpoint();
            tried.goes_to(taken);
            let copy = chooser.on_copy(&mut set, wish, |other| other == taken, &mut stream);
            if end() == End::Overload {
                set.rest(taken, now + Duration::from_millis(10));
            }
            set.on_ended(first);
            set.on_ended(copy.expect("there are others"));
        });
        assert_eq!(count, 0, "{kind:?}");
    }
}

/// Sweeps, ejections and returns included.
#[test]
fn outlier_detection_allocates_nothing() {
    let (interval, base) = (Duration::from_millis(100), Duration::from_millis(200));
    let volume = 10;
    let success_rate =
        SuccessRate { stdev_factor: 1.0, request_volume: volume, ..SuccessRate::default() };
    let failure_percentage =
        FailurePercentage { request_volume: volume, ..FailurePercentage::default() };
    let envoy = EnvoyConfig {
        interval,
        base_ejection_time: base,
        max_ejection_percent: 0.5,
        split_local_errors: true,
        success_rate,
        failure_percentage: FailurePercentage { enforcing: 1.0, ..failure_percentage },
        ..EnvoyConfig::default()
    };
    let grpc = GrpcConfig {
        interval,
        base_ejection_time: base,
        max_ejection_percent: 0.5,
        success_rate: Some(success_rate),
        failure_percentage: Some(failure_percentage),
        ..GrpcConfig::default()
    };
    for config in [OutlierConfig::Envoy(envoy), OutlierConfig::Grpc(grpc)] {
        let mut core = Outlier::new(config, Time::ZERO);
        core.on_members((0..ENDPOINTS).map(EndpointKey::new));
        let (mut stream, mut end) = (Stream::from_seed(1), turns());
        let (mut endpoint, mut changes) = (0, 0);
        let count = allocations(|now| {
            endpoint = (endpoint + 1) % ENDPOINTS;
            core.on_call(now, &mut stream);
            let sick = (endpoint == 0).then(&mut end);
            let sign = match sick {
                None | Some(End::Success) => Sign::Success,
                Some(End::Failure) => Sign::Error,
                Some(End::Overload) => Sign::GatewayError,
                Some(End::Cancel) => Sign::NoAnswer,
            };
            core.on_outcome(now, EndpointKey::new(endpoint), sign, &mut stream);
            while core.poll_change().is_some() {
                changes += 1;
            }
        });
        assert_eq!(count, 0, "{config:?}");
        assert!(changes > 20, "{changes} changes of {config:?}");
    }
}
