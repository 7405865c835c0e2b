use std::time::Duration;

use cascadia_patterns::call::{Layer, Reason, Rejection, TraceId};
use cascadia_patterns::observe::{BreakerState, Level, RetryDenied, Signal};
use cascadia_runtime::{Identity, Time};

use super::{Happened, LayerCounters, LayerMeasured, LevelRange, Policies, Windows};
use crate::plan::{Depth, LayerId, Probe, StackId, Subject};

const ID: LayerId = LayerId { stack: StackId(0), layer: 1 };

/// Ten windows of 100 ns from 1,000 ns on.
fn policies() -> Policies {
    let windows = Windows { start: at(1_000), end: at(2_000), width: 100 };
    let (from, until) = (at(100), at(1_100));
    let probe = Probe { subject: Subject::Layer(ID), from, until, depth: Depth::Events };
    Policies::new(windows, &[probe])
}

fn at(nanos: u64) -> Time {
    Time::from_nanos(nanos)
}

fn rejection(reason: Reason) -> Rejection {
    Rejection::new(Layer::BREAKER, reason)
}

fn measured(policies: &Policies, end: u64) -> LayerMeasured {
    let mut all = policies.measured(at(end));
    assert_eq!(all.len(), 1);
    all.remove("a").unwrap()
}

#[test]
fn instances_are_counted_together_by_what_happened_and_window() {
    let mut policies = policies();
    let [one, two] =
        ["x", "y"].map(|place| policies.register(ID, "a", Identity::new(place), at(0)));
    let (open, full) = (rejection(Reason::OPEN), rejection(Reason::FULL));
    let retrying = Signal::Retrying { attempt: 2, delay: Duration::ZERO };
    let denied = Signal::RetryDenied { reason: RetryDenied::Budget, trace: TraceId(0) };
    let opened = Signal::Breaker { from: BreakerState::Closed, to: BreakerState::Open };
    let closed = Signal::Breaker { from: BreakerState::Open, to: BreakerState::Closed };
    policies.report(one, at(1_000), &Signal::Rejected(&open));
    policies.report(two, at(1_099), &Signal::Rejected(&open));
    policies.report(two, at(1_100), &Signal::Rejected(&full));
    for signal in [retrying, denied, opened, closed, Signal::TimedOut] {
        policies.report(one, at(1_999), &signal);
    }
    policies.report(one, at(1_999), &Signal::Rejected(&open));
    let happened = measured(&policies, 2_000).happened;
    let totals: Vec<_> = happened.iter().map(|often| (often.what, often.total)).collect();
    let expected = [
        (Happened::Rejected(Reason::FULL), 1),
        (Happened::Rejected(Reason::OPEN), 3),
        (Happened::TimedOut, 1),
        (Happened::Retried(2), 1),
        (Happened::Denied(RetryDenied::Budget), 1),
        (Happened::Opened, 1),
    ];
    assert_eq!(totals, expected);
    assert_eq!(happened[0].series, [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(happened[1].series, [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn what_happens_from_the_warm_up_to_the_end_counts_and_at_the_end_in_the_last_window() {
    for (end, expected) in [(2_000, 10), (1_300, 3), (1_350, 4)] {
        let mut policies = policies();
        let one = policies.register(ID, "a", Identity::new("x"), at(0));
        for now in [0, 999, 1_000, end - 1, end] {
            policies.report(one, at(now), &Signal::TimedOut);
        }
        let mut series = vec![0; expected];
        series[0] = 1;
        series[expected - 1] = 2;
        let happened = &measured(&policies, end).happened[0];
        assert_eq!((happened.total, &happened.series), (3, &series), "{end}");
    }
}

#[test]
fn a_level_that_is_told_at_the_end_is_that_of_the_last_window() {
    for end in [2_000, 1_300, 1_350] {
        let mut policies = policies();
        let [one, two] =
            ["x", "y"].map(|place| policies.register(ID, "a", Identity::new(place), at(0)));
        for (instance, now, value) in [(one, 1_250, 3.0), (one, end, 5.0), (two, end, 1.0)] {
            policies.report(instance, at(now), &Signal::Level(Level::LIMIT, value));
        }
        let series = &measured(&policies, end).levels[0].series;
        assert_eq!(series.last(), Some(&reading(3.0, 1.0, 5.0)), "{end}");
    }
}

#[test]
fn an_instance_that_is_replaced_at_the_end_had_its_level_before() {
    let mut policies = policies();
    let one = policies.register(ID, "a", Identity::new("x"), at(0));
    policies.report(one, at(1_250), &Signal::Level(Level::LIMIT, 3.0));
    policies.register(ID, "a", Identity::new("x"), at(2_000));
    assert_eq!(measured(&policies, 2_000).levels[0].series.last(), Some(&reading(3.0, 3.0, 3.0)));
}

#[test]
fn a_probe_counts_what_its_layer_did_on_all_its_ways_between_two_boundaries() {
    let mut policies = policies();
    let other = LayerId { layer: 2, ..ID };
    let here = policies.register(ID, "a → x", Identity::new("x"), at(0));
    let there = policies.register(ID, "a → y", Identity::new("y"), at(0));
    let elsewhere = policies.register(other, "b → x", Identity::new("z"), at(0));
    let full = rejection(Reason::FULL);
    for now in [100, 600, 1_100] {
        policies.copy(at(now));
        for reporter in [here, there, elsewhere] {
            policies.report(reporter, at(now), &Signal::TimedOut);
        }
        policies.report(there, at(now), &Signal::Rejected(&full));
    }
    let between = policies.between(ID, at(100), at(1_100));
    assert_eq!(between, LayerCounters { rejected: 2, timed_out: 4, ..Default::default() });
    assert_eq!(policies.between(ID, at(0), at(100)), LayerCounters::default());
}

fn reading(mean: f64, min: f64, max: f64) -> Option<LevelRange> {
    Some(LevelRange { mean, min, max })
}

#[test]
fn a_level_is_kept_until_it_changes_and_every_change_is_in_the_range() {
    let mut policies = policies();
    let [one, two] =
        ["x", "y"].map(|place| policies.register(ID, "a", Identity::new(place), at(0)));
    for (instance, now, value) in [
        (one, 1_100, 9.0),
        (one, 1_150, 2.0),
        (one, 1_180, 4.0),
        (two, 1_310, 8.0),
        (one, 1_399, 0.0),
    ] {
        policies.report(instance, at(now), &Signal::Level(Level::LIMIT, value));
    }
    let levels = measured(&policies, 1_500).levels;
    assert_eq!((levels.len(), levels[0].level), (1, Level::LIMIT));
    let expected = [
        None,
        reading(4.0, 2.0, 9.0),
        reading(4.0, 4.0, 4.0),
        reading(4.0, 0.0, 8.0),
        reading(4.0, 0.0, 8.0),
    ];
    assert_eq!(levels[0].series, expected);
}

#[test]
fn a_level_of_the_warm_up_is_carried_into_the_first_window() {
    let mut policies = policies();
    let one = policies.register(ID, "a", Identity::new("x"), at(0));
    for (now, value) in [(10, 100.0), (900, 3.0), (1_010, 5.0)] {
        policies.report(one, at(now), &Signal::Level(Level::BUDGET, value));
    }
    assert_eq!(measured(&policies, 1_100).levels[0].series, [reading(5.0, 3.0, 5.0)]);
}

#[test]
fn an_instance_that_is_replaced_has_no_level_until_it_tells_one() {
    let mut policies = policies();
    let first = policies.register(ID, "a", Identity::new("x"), at(0));
    policies.report(first, at(1_010), &Signal::Level(Level::LIMIT, 7.0));
    let second = policies.register(ID, "a", Identity::new("x"), at(1_150));
    assert_eq!(second, first);
    policies.report(second, at(1_310), &Signal::Level(Level::LIMIT, 1.0));
    let series = measured(&policies, 1_400).levels.remove(0).series;
    assert_eq!(series, [reading(7.0, 7.0, 7.0), None, None, reading(1.0, 1.0, 1.0)]);
}
