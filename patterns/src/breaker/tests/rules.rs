//! Several windows, n of m probes, circuits that begin in a hand, and what is counted.

use super::*;
use crate::call::Reason;
use crate::observe::Count;
use crate::testing::at;

#[test]
fn any_of_several_windows_opens() {
    let windows = vec![Window::Time { span: ms(60_000), buckets: 60 }, Window::Count(10)];
    let config = BreakerConfig { windows, consecutive: None, min_calls: 10, ..plain() };
    let mut bench = Bench::new(config);
    for _ in 0..1_000 {
        let permit = bench.admit(at(0));
        bench.ok(at(0), permit);
    }
    for failure in 1..=5 {
        assert_eq!(bench.core.state(), BreakerState::Closed, "before failure {failure}");
        let permit = bench.admit(at(1));
        bench.fail(at(1), permit);
    }
    assert_eq!(bench.core.state(), BreakerState::Open, "5 of the last 10");
    assert!(bench.core.snapshot(at(1)).failure_rate < 0.01, "of the minute it is next to nothing");
}

#[test]
fn so_many_of_the_probes_may_be_enough() {
    let rules =
        HalfOpen { permits: 5, successes: Some(2), reopen: Reopen::Rate, ..plain().half_open };
    let outcomes: [(&[bool], BreakerState); 4] = [
        (&[true, true], BreakerState::Closed),
        (&[false, true, true], BreakerState::Closed),
        (&[false, true], BreakerState::HalfOpen),
        (&[false, false, false, false, true], BreakerState::Open),
    ];
    for (outcomes, expected) in outcomes {
        let mut bench = Bench::new(BreakerConfig { half_open: rules, ..plain() });
        bench.break_at(at(0));
        for ok in outcomes {
            let probe = bench.admit(at(100));
            if *ok { bench.ok(at(100), probe) } else { bench.fail(at(100), probe) }
        }
        assert_eq!(bench.core.state(), expected, "{outcomes:?}");
    }
}

#[test]
fn a_circuit_that_waits_for_stuck_probes_waits_for_ever() {
    let rules = HalfOpen { stuck: Stuck::Wait, ..HalfOpen::default() };
    let mut bench = Bench::new(BreakerConfig { half_open: rules, ..plain() });
    bench.break_at(at(0));
    let hung = bench.admit(at(100));
    assert_eq!(bench.core.next_deadline(), None);
    let refused = bench.refused(at(86_400_000));
    assert_eq!((refused.reason, refused.retry_after), (Reason::PROBES_TAKEN, None));
    bench.ok(at(86_400_001), hung);
    assert_eq!(bench.core.state(), BreakerState::Closed);
}

#[test]
fn a_circuit_may_begin_in_a_hand() {
    for (mode, state) in [
        (Manual::ForcedOpen, BreakerState::ForcedOpen),
        (Manual::Disabled, BreakerState::Disabled),
        (Manual::MetricsOnly, BreakerState::MetricsOnly),
    ] {
        let mut bench = Bench::new(BreakerConfig { mode, ..plain() });
        assert_eq!(bench.core.state(), state);
        assert_eq!(bench.call(at(0)).is_err(), mode == Manual::ForcedOpen);
        bench.core.force(Manual::Automatic);
        assert_eq!(bench.core.state(), BreakerState::Closed);
    }
}

#[test]
fn a_circuit_that_only_counts_says_when_it_would_have_opened() {
    let mut bench = Bench::new(BreakerConfig { mode: Manual::MetricsOnly, ..plain() });
    let mut outcome = |failed: bool| {
        let permit = bench.admit(at(0));
        if failed {
            bench.fail(at(0), permit);
        } else {
            bench.ok(at(0), permit);
        }
        bench.core.poll_count()
    };
    let counts = [true, true, true, false, true, true].map(&mut outcome);
    let would = Some(Count::WOULD_OPEN);
    assert_eq!(counts, [None, would, None, None, None, would], "once each time");
}

#[test]
fn probes_and_late_outcomes_are_counted() {
    let mut bench = Bench::new(plain());
    let late = bench.admit(at(0));
    assert_eq!(bench.core.poll_count(), None);
    bench.break_at(at(0));
    let _probe = bench.admit(at(100));
    assert_eq!(bench.core.poll_count(), Some(Count::PROBE));
    bench.fail(at(101), late);
    assert_eq!(bench.core.poll_count(), Some(Count::LATE_OUTCOME));
    assert_eq!(bench.core.poll_count(), None);
}
