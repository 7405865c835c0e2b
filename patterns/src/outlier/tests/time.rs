//! Sweeps, and how long an endpoint stays away.

use std::time::Duration;

use super::*;
use crate::testing::at;

fn roomy() -> EnvoyConfig {
    EnvoyConfig { max_ejection_percent: 0.5, ..EnvoyConfig::default() }
}

fn secs(secs: u64) -> Time {
    Time::ZERO + Duration::from_secs(secs)
}

/// Ejects endpoint 0 at `now` and returns for how many seconds it stays away.
fn away(bench: &mut Bench, now: u64) -> u64 {
    bench.outcomes(secs(now), 0, Sign::Error, 5);
    assert_eq!(bench.at(secs(now)), [0]);
    (now..).find(|second| bench.at(secs(*second)).is_empty()).unwrap() - now
}

#[test]
fn an_ejection_ends_with_the_first_sweep_after_its_time() {
    let mut bench = Bench::envoy(roomy(), 10);
    bench.outcomes(at(1), 0, Sign::Error, 5);
    assert_eq!(bench.at(at(39_999)), [0], "30 s end at 30.001 s, and sweeps are every 10 s");
    assert_eq!(bench.at(at(40_000)), []);
    assert_eq!(bench.changes().last(), Some(&Change::Restored { endpoint: key(0) }));
}

#[test]
fn who_is_ejected_again_stays_away_longer_up_to_the_most() {
    let mut bench = Bench::envoy(roomy(), 10);
    let (mut now, mut waits) = (0, Vec::new());
    for _ in 0..13 {
        let wait = away(&mut bench, now);
        waits.push(wait);
        now += wait;
    }
    assert_eq!(waits[..4], [30, 60, 90, 120]);
    assert_eq!(waits[9..], [300; 4]);
}

#[test]
fn who_stays_well_is_forgiven_a_step_with_each_sweep() {
    let mut bench = Bench::envoy(roomy(), 10);
    assert_eq!(away(&mut bench, 0), 30);
    assert_eq!(away(&mut bench, 30), 60);
    assert_eq!(away(&mut bench, 90), 90);
    // Back at 180 s, so from 190 s on: three steps by 210 s.
    assert_eq!(away(&mut bench, 200), 60, "two of three steps are forgiven");
    assert_eq!(away(&mut bench, 10_000), 30);
}

#[test]
fn grpc_forgives_with_each_sweep_and_restores_only_after_the_time() {
    let mut bench = Bench::grpc(GrpcConfig::default(), 5);
    let sick = [50, 100, 100, 100, 100];
    bench.interval(secs(0), 100, &sick);
    assert_eq!(bench.at(secs(49)), [0], "ejected at 10 s; 40 s are not after 10 s + 30 s");
    assert_eq!(bench.at(secs(50)), []);
    bench.interval(secs(50), 100, &sick);
    assert_eq!(bench.at(secs(60)), [0]);
    assert_eq!(bench.at(secs(129)), [0], "60 s this time");
    assert_eq!(bench.at(secs(130)), []);
}

#[test]
fn sweeps_that_were_missed_are_made_up_for_at_their_own_times() {
    let (mut asked, mut idle) = (Bench::envoy(roomy(), 10), Bench::envoy(roomy(), 10));
    for bench in [&mut asked, &mut idle] {
        away(bench, 0);
        bench.outcomes(secs(30), 0, Sign::Error, 5);
    }
    for now in (31..100_000).step_by(3) {
        asked.at(secs(now));
    }
    assert_eq!(asked.at(secs(100_000)), idle.at(secs(100_000)));
    assert_eq!(asked.core.next_sweep(), idle.core.next_sweep());
    assert_eq!(idle.core.next_sweep(), secs(100_010));
    assert_eq!(away(&mut asked, 100_000), away(&mut idle, 100_000));
}

#[test]
fn jitter_spreads_the_ends() {
    let config = EnvoyConfig { max_ejection_time_jitter: Duration::from_secs(60), ..roomy() };
    let mut bench = Bench::envoy(EnvoyConfig { max_ejection_percent: 1.0, ..config }, 100);
    (0..100).for_each(|endpoint| bench.outcomes(secs(0), endpoint, Sign::Error, 5));
    assert_eq!(bench.at(secs(29)).len(), 100);
    let half = bench.at(secs(60)).len();
    assert!((30..70).contains(&half), "{half}");
    assert_eq!(bench.at(secs(90)).len(), 0);
}

/// Envoy counts an ejection only while one more would lengthen it, so who has been sick for a day is
/// forgiven in minutes; gRPC counts all of them.
#[test]
fn envoy_stops_counting_ejections_that_are_no_longer_and_grpc_does_not() {
    let after = |mut bench: Bench, eject: fn(&mut Bench, u64)| {
        let mut now = 0;
        for _ in 0..40 {
            eject(&mut bench, now);
            now = (now..).find(|second| bench.at(secs(*second)).is_empty()).unwrap();
        }
        // Well for so long that eleven sweeps forgive everything that Envoy counts.
        now += 130;
        assert_eq!(bench.at(secs(now)), []);
        eject(&mut bench, now);
        (now..).find(|second| bench.at(secs(*second)).is_empty()).unwrap() - now
    };
    let envoy = after(Bench::envoy(roomy(), 10), |bench, now| {
        bench.outcomes(secs(now), 0, Sign::Error, 5);
        assert_eq!(bench.at(secs(now)), [0]);
    });
    assert_eq!(envoy, 30);
    let grpc = after(Bench::grpc(GrpcConfig::default(), 5), |bench, now| {
        bench.interval(secs(now), 100, &[50, 100, 100, 100, 100]);
        assert_eq!(bench.at(secs(now + 10)), [0]);
    });
    assert!(grpc >= 300, "{grpc} s");
}

/// A50: the longest ejection is at least the base, whatever is configured.
#[test]
fn grpc_ejects_for_the_base_where_the_most_is_less() {
    let base = Duration::from_secs(60);
    let config = GrpcConfig {
        base_ejection_time: base,
        max_ejection_time: base / 2,
        ..GrpcConfig::default()
    };
    let mut bench = Bench::grpc(config, 5);
    bench.interval(secs(0), 100, &[50, 100, 100, 100, 100]);
    assert_eq!(bench.at(secs(79)), [0], "ejected at 10 s");
    assert_eq!(bench.at(secs(80)), []);
}

#[test]
fn sweeps_come_at_their_interval() {
    let interval = Duration::from_secs(3);
    let mut bench = Bench::envoy(EnvoyConfig { interval, ..rates_only() }, 5);
    bench.interval(secs(0), 100, &[10, 100, 100, 100, 100]);
    assert_eq!(bench.at(at(2_999)), []);
    assert_eq!(bench.at(at(3_000)), [0]);
}
