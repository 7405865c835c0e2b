use std::collections::VecDeque;
use std::time::Duration;

use cascadia_runtime::Time;
use proptest::prelude::*;

use super::{Buckets, Consecutive, Count, Ewma, Limits, Mark, Memory, Tally};
use crate::testing::{at, ms};

const OK: Mark = Mark { failed: false, overload: false, slow: false };
const FAILED: Mark = Mark { failed: true, ..OK };
const SLOW: Mark = Mark { slow: true, ..OK };
const OVERLOAD: Mark = Mark { overload: true, ..FAILED };

const LIMITS: Limits = Limits { min_calls: 20.0, failure_rate: 0.5, slow_rate: f64::INFINITY };

macro_rules! suite {
    ($($name:ident: $memory:expr;)*) => { $(mod $name {
        use super::*;

        #[test]
        fn a_million_successes_do_not_hide_a_total_failure() {
            let mut memory = $memory;
            for call in 0..1_000_000 {
                memory.record(at(call), OK);
                assert!(!memory.trips(at(call), &LIMITS));
            }
            let tripped = (1_000_000..1_000_100).any(|call| {
                memory.record(at(call), FAILED);
                memory.trips(at(call), &LIMITS)
            });
            assert!(tripped, "100 failures in a row");
        }

        #[test]
        fn what_is_cleared_is_forgotten() {
            let mut memory = $memory;
            (0..30).for_each(|_| memory.record(at(5), FAILED));
            assert!(memory.trips(at(5), &LIMITS));
            memory.clear();
            assert_eq!(memory.tally(at(5)), Tally::default());
            assert!(!memory.trips(at(5), &LIMITS));
            (0..30).for_each(|_| memory.record(at(6), FAILED));
            assert!(memory.trips(at(6), &LIMITS));
        }

        #[test]
        fn trips_at_the_twentieth_failure_and_not_before() {
            let mut memory = $memory;
            for call in 1..=20 {
                memory.record(at(7), FAILED);
                assert_eq!(memory.trips(at(7), &LIMITS), call == 20);
            }
        }

        #[test]
        fn overload_alone_is_no_success() {
            let mut memory = $memory;
            (0..20).for_each(|_| memory.record(at(7), FAILED));
            memory.record(at(7), OVERLOAD);
            assert!(memory.trips(at(7), &LIMITS));
        }
    })* };
}

suite! {
    count: Count::new(100);
    time: Buckets::new(ms(100), 10);
    ewma: Ewma::new(ms(50));
    consecutive: Consecutive::new(20);
}

#[test]
fn the_rate_itself_trips_and_what_is_below_does_not() {
    let mut memory = Count::new(20);
    (0..11).for_each(|_| memory.record(at(0), OK));
    (0..9).for_each(|_| memory.record(at(0), FAILED));
    assert!(!memory.trips(at(0), &LIMITS), "9 of 20");
    memory.record(at(0), FAILED);
    assert!(memory.trips(at(0), &LIMITS), "10 of 20");
}

#[test]
fn slow_calls_have_a_rate_of_their_own() {
    let limits = Limits { slow_rate: 0.1, ..LIMITS };
    let mut memory = Count::new(20);
    (0..18).for_each(|_| memory.record(at(0), OK));
    (0..2).for_each(|_| memory.record(at(0), SLOW));
    assert!(memory.trips(at(0), &limits));
    assert!(!memory.trips(at(0), &LIMITS));
}

#[test]
fn a_bucket_goes_at_the_tick_at_which_its_window_ends() {
    let mut memory = Buckets::new(ms(100), 10);
    memory.record(at(0), FAILED);
    memory.record(at(10), OK);
    assert_eq!(memory.tally(Time::from_nanos(99_999_999)).calls, 2.0);
    assert_eq!(memory.tally(at(100)), Tally { calls: 1.0, failed: 0.0, slow: 0.0 });
    assert_eq!(memory.tally(at(110)).calls, 0.0);
}

#[test]
fn an_idle_window_forgets_everything() {
    for idle in [100, 1_000, 86_400_000] {
        let mut memory = Buckets::new(ms(100), 10);
        (0..30).for_each(|call| memory.record(at(call), FAILED));
        assert_eq!(memory.tally(at(30 + idle)), Tally::default(), "after {idle} ms");
    }
}

#[test]
fn an_outcome_weighs_half_after_a_half_life() {
    let mut memory = Ewma::new(ms(50));
    (0..4).for_each(|_| memory.record(at(0), FAILED));
    assert_eq!(memory.tally(at(50)).failed, 2.0);
    assert_eq!(memory.tally(at(150)).failed, 0.5);
    memory.record(at(150), OK);
    assert_eq!(memory.tally(at(150)).calls, 1.5);
}

#[test]
fn overload_neither_adds_to_a_run_nor_ends_it() {
    let mut memory = Consecutive::new(2);
    memory.record(at(0), FAILED);
    (0..9).for_each(|_| memory.record(at(0), OVERLOAD));
    assert_eq!(memory.run(), 1);
    memory.record(at(0), FAILED);
    assert!(memory.trips(at(0), &LIMITS));
    memory.record(at(0), SLOW);
    assert_eq!(memory.run(), 0);
}

fn sum<'a>(marks: impl Iterator<Item = &'a Mark>) -> Tally {
    let mut tally = Tally::default();
    marks.for_each(|mark| tally.add(*mark));
    tally
}

fn outcomes() -> impl Strategy<Value = Vec<(u64, Mark)>> {
    let mark = (any::<bool>(), any::<bool>());
    let mark = mark.prop_map(|(failed, slow)| Mark { failed, slow, overload: false });
    prop::collection::vec((0u64..40, mark), 0..200)
}

proptest! {
    #[test]
    fn a_count_window_holds_exactly_the_last(size in 1u32..30, outcomes in outcomes()) {
        let (mut memory, mut last) = (Count::new(size), VecDeque::new());
        for (_, mark) in outcomes {
            memory.record(Time::ZERO, mark);
            last.push_back(mark);
            if last.len() > size as usize {
                last.pop_front();
            }
            prop_assert_eq!(memory.tally(Time::ZERO), sum(last.iter()));
        }
    }

    #[test]
    fn a_time_window_holds_exactly_the_last(buckets in 1u16..12, outcomes in outcomes()) {
        let width = Duration::from_millis(10);
        let mut memory = Buckets::new(width * u32::from(buckets), buckets);
        let (mut now, mut all) = (0, Vec::new());
        for (pause, mark) in outcomes {
            now += pause;
            memory.record(at(now), mark);
            all.push((now / 10, mark));
            let first = (now / 10 + 1).saturating_sub(u64::from(buckets));
            let held = all.iter().filter(|(bucket, _)| *bucket >= first).map(|(_, mark)| mark);
            prop_assert_eq!(memory.tally(at(now)), sum(held));
        }
    }
}
