//! Envoy's gradient and its measurements without load.

use super::*;

fn config() -> GradientConfig {
    GradientConfig { jitter: 0.0, ..GradientConfig::default() }
}

/// A gradient that has measured `rtt`, just now.
fn measured(rtt: Duration) -> Rig {
    let mut rig = Rig::new(Algorithm::Gradient(config()));
    (0..17).for_each(|_| {
        rig.round(3, rtt, Answer::Ok);
    });
    rig
}

/// Whether it measures: no more than three are let in.
fn measures(rig: &mut Rig) -> bool {
    let permits: Vec<_> = (0..4).map_while(|_| rig.enter()).collect();
    let measures = permits.len() == 3;
    permits.into_iter().for_each(|permit| rig.core.on_abandoned(permit));
    measures
}

#[test]
fn it_begins_with_three_calls_and_moves_after_fifty() {
    let mut rig = Rig::new(Algorithm::Gradient(config()));
    for _ in 0..16 {
        assert_eq!(rig.round(10, ms(10), Answer::Ok), 3);
        assert_eq!(rig.limit(), 3);
    }
    assert_eq!(rig.round(2, ms(10), Answer::Ok), 2);
    // 3 · 1.25 + √3.75 = 5.7 at the first update.
    (0..10).for_each(|_| {
        rig.round(3, ms(10), Answer::Ok);
    });
    assert_eq!(rig.limit(), 5);
}

#[test]
fn it_follows_the_ratio_to_the_latency_without_load() {
    let mut rig = measured(ms(10));
    let update = |rig: &mut Rig, rtt: Duration| {
        let before = f64::from(rig.limit());
        while rig.limit() as f64 == before {
            rig.round(u32::MAX, rtt, Answer::Ok);
        }
        f64::from(rig.limit()) / before
    };
    // As fast as without load: g = 1.25, and the square root besides.
    for _ in 0..10 {
        assert!(update(&mut rig, ms(10)) > 1.25);
    }
    assert!(rig.limit() > 50);
    // Ten times slower: g = ½, from the second update on, as the first saw some of both.
    update(&mut rig, ms(100));
    let before = f64::from(rig.limit());
    let factor = update(&mut rig, ms(100));
    let expected = 0.5 + libm::sqrt(0.5 / before);
    assert!((factor - expected).abs() < 0.05, "{factor}, not {expected}");
}

/// There is no hold rule: what nobody uses grows all the same.
#[test]
fn it_drifts_to_its_maximum_while_it_is_hardly_used() {
    let mut rig = measured(ms(10));
    for _ in 0..500 {
        rig.round(1, ms(10), Answer::Ok);
    }
    assert_eq!(rig.limit(), 1_000);
}

#[test]
fn every_minute_it_holds_itself_at_three() {
    let mut rig = measured(ms(10));
    for _ in 0..100 {
        rig.round(u32::MAX, ms(10), Answer::Ok);
    }
    let before = rig.limit();
    assert!(before > 20);
    let began = rig.now;
    while !measures(&mut rig) {
        rig.round(4, ms(10), Answer::Ok);
    }
    assert!(rig.now.since(began) < Duration::from_secs(60));
    (0..17).for_each(|_| {
        rig.round(3, ms(10), Answer::Ok);
    });
    assert!(rig.limit() >= before, "the limit is restored");
}

/// A latency without load that was taken from calls begun under load would be too long.
#[test]
fn what_began_before_the_measurement_is_not_measured() {
    let mut rig = measured(ms(10));
    for _ in 0..100 {
        rig.round(u32::MAX, ms(10), Answer::Ok);
    }
    let old: Vec<_> = (0..60).map(|_| rig.enter().unwrap()).collect();
    rig.now += Duration::from_secs(61);
    assert!(rig.enter().is_none(), "it measures, and 60 are under way");
    old.into_iter().for_each(|permit| rig.answer(permit, Answer::Ok));
    assert!(measures(&mut rig), "none of the 60 counts");
}

#[test]
fn five_updates_at_the_least_limit_make_it_measure_again() {
    let mut rig = measured(ms(1));
    let mut updates = 0;
    while rig.limit() > 3 || updates < 5 {
        rig.round(3, ms(150), Answer::Ok);
        updates += 1;
        assert!(updates < 50);
    }
    // The server is that slow now. Measured anew, it is no reason to hold back.
    (0..30).for_each(|_| {
        rig.round(u32::MAX, ms(150), Answer::Ok);
    });
    assert!(rig.limit() > 3, "{}", rig.limit());
}

#[test]
fn a_refusal_is_no_latency() {
    let mut rig = Rig::new(Algorithm::Gradient(config()));
    (0..100).for_each(|_| {
        rig.round(3, Duration::from_micros(1), Answer::Refused);
    });
    assert!(measures(&mut rig), "nothing is measured yet");
}

#[test]
fn a_timeout_is_a_latency() {
    let mut rig = measured(ms(10));
    for _ in 0..100 {
        rig.round(u32::MAX, ms(10), Answer::Ok);
    }
    let before = rig.limit();
    for _ in 0..3 {
        rig.round(u32::MAX, ms(500), Answer::TimedOut);
    }
    assert!(rig.limit() < before / 2 + 20, "{} from {before}", rig.limit());
}

#[test]
fn jitter_spreads_the_measurements() {
    let first_measurement = |seed, jitter| {
        let config = GradientConfig { jitter, ..config() };
        let mut rig = Rig::new(Algorithm::Gradient(config));
        rig.stream = Stream::from_seed(seed);
        (0..17).for_each(|_| {
            rig.round(3, ms(10), Answer::Ok);
        });
        rig.full_rounds(50, ms(10), Answer::Ok);
        while !measures(&mut rig) {
            rig.now += ms(10);
        }
        rig.now
    };
    let begins = |jitter: f64| {
        let mut begins: Vec<_> = (1..=20).map(|seed| first_measurement(seed, jitter)).collect();
        begins.sort();
        begins[19].since(begins[0])
    };
    assert_eq!(begins(0.0), ms(0), "all at once");
    let spread = begins(0.15);
    assert!(spread > ms(6_000) && spread <= ms(9_000), "{spread:?}");
}
