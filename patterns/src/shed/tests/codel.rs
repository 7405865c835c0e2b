use cascadia_runtime::Time;
use proptest::prelude::*;

use crate::shed::{Codel, CodelConfig};
use crate::testing::{at, ms};

fn codel() -> Codel {
    Codel::new(CodelConfig::default())
}

/// Waits of `wait` milliseconds, one each millisecond of a range. Returns who was shed.
fn waits(codel: &mut Codel, range: std::ops::Range<u64>, wait: u64) -> Vec<u64> {
    range.filter(|now| codel.on_wait(at(*now), ms(wait))).collect()
}

#[test]
fn a_burst_is_no_overload() {
    let mut codel = codel();
    assert_eq!(waits(&mut codel, 1..90, 50), []);
    assert_eq!(waits(&mut codel, 90..91, 5), [], "one short wait: the queue does not stand");
    assert_eq!(waits(&mut codel, 91..190, 50), []);
}

#[test]
fn a_queue_that_stands_is_overload_after_an_interval() {
    let mut codel = codel();
    let shed = waits(&mut codel, 1..310, 50);
    // From 102 on it is known that nobody waited less, and the first of each interval passes.
    let expected: Vec<u64> = (103..310).filter(|now| ![203, 304].contains(now)).collect();
    assert_eq!(shed, expected);
}

/// The first interval of folly has no length, so the second to come is shed.
#[test]
fn one_slow_start_is_no_overload() {
    let mut codel = codel();
    assert_eq!(waits(&mut codel, 1..3, 5_000), []);
}

#[test]
fn the_first_of_an_interval_is_never_shed() {
    let mut codel = codel();
    waits(&mut codel, 1..100, 50);
    for turn in 1..20 {
        assert!(
            !codel.on_wait(at(turn * 1_000), ms(500)),
            "more than one must come in an interval"
        );
        assert!(codel.on_wait(at(turn * 1_000), ms(500)));
    }
}

#[test]
fn who_waits_less_than_twice_the_target_is_not_shed() {
    let mut codel = codel();
    waits(&mut codel, 1..200, 50);
    assert!(codel.is_overloaded());
    assert!(!codel.on_wait(at(200), ms(10)));
    assert!(codel.on_wait(at(200), ms(10) + std::time::Duration::from_nanos(1)));
}

#[test]
fn it_ends_with_one_short_wait_in_an_interval() {
    let mut codel = codel();
    waits(&mut codel, 1..200, 50);
    codel.on_wait(at(202), ms(0));
    assert_eq!(waits(&mut codel, 320..330, 50), []);
    assert!(!codel.is_overloaded());
}

proptest! {
    /// Nobody is shed who waited no longer than twice the target, nor while every interval saw a
    /// wait within it.
    #[test]
    fn only_who_waits_too_long_is_shed(
        waits in prop::collection::vec((0u64..30_000_000, 0u64..40_000_000), 0..300),
    ) {
        let (mut codel, mut now) = (codel(), Time::ZERO);
        for (gap, wait) in waits {
            now = now.after(gap);
            let wait = std::time::Duration::from_nanos(wait);
            let overloaded_before = codel.is_overloaded();
            let shed = codel.on_wait(now, wait);
            prop_assert!(!shed || wait > ms(10));
            prop_assert!(!shed || codel.is_overloaded() && overloaded_before);
        }
    }
}
