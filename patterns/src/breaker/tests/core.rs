use super::*;
use crate::call::{Layer, Reason, Status};
use crate::testing::at;

#[test]
fn a_circuit_opens_closes_and_says_so() {
    let mut bench = Bench::new(plain());
    assert_eq!(bench.core.next_deadline(), None);
    bench.break_at(at(0));
    let (from, to) = (BreakerState::Closed, BreakerState::Open);
    assert_eq!(bench.core.poll_transition(), Some(Transition { from, to }));
    assert_eq!(bench.core.poll_transition(), None);
    assert_eq!(bench.core.next_deadline(), Some(at(100)));

    let probes = [(); 2].map(|()| bench.admit(at(100)));
    assert_eq!(bench.core.state(), BreakerState::HalfOpen);
    let [first, second] = probes;
    bench.ok(at(101), first);
    assert_eq!(bench.core.state(), BreakerState::HalfOpen);
    bench.ok(at(102), second);
    let (from, to) = (BreakerState::HalfOpen, BreakerState::Closed);
    assert_eq!(bench.core.poll_transition(), Some(Transition { from, to }));
}

#[test]
fn the_wait_ends_at_its_very_tick() {
    let mut bench = Bench::new(plain());
    bench.break_at(at(0));
    let refused = bench.refused(Time::from_nanos(99_999_999));
    assert_eq!(refused.retry_after, Some(Duration::from_nanos(1)));
    assert_eq!((refused.by, refused.reason), (Layer::BREAKER, Reason::OPEN));
    assert!(refused.safe_to_retry);
    let _probe = bench.admit(at(100));
    assert_eq!(bench.core.state(), BreakerState::HalfOpen);
}

#[test]
fn probes_that_are_taken_are_taken() {
    let mut bench = Bench::new(plain());
    bench.break_at(at(0));
    let _probes = [(); 2].map(|()| bench.admit(at(150)));
    let refused = bench.refused(at(160));
    assert_eq!((refused.reason, refused.retry_after), (Reason::PROBES_TAKEN, Some(ms(90))));
}

#[test]
fn a_first_failure_opens_again_for_longer_up_to_the_cap_until_it_closes() {
    let mut bench = Bench::new(plain());
    bench.break_at(at(0));
    let mut now = at(0);
    for wait in [100, 200, 400, 400] {
        assert_eq!(bench.core.next_deadline(), Some(now + ms(wait)));
        now += ms(wait);
        let probe = bench.admit(now);
        bench.fail(now, probe);
    }
    now += ms(400);
    let probes = [(); 2].map(|()| bench.admit(now));
    probes.into_iter().for_each(|probe| bench.ok(now, probe));
    bench.break_at(now);
    assert_eq!(bench.core.next_deadline(), Some(now + ms(100)));
}

#[test]
fn probes_may_be_judged_together() {
    let rules = HalfOpen { permits: 4, reopen: Reopen::Rate, ..HalfOpen::default() };
    for (failures, expected) in [(1, BreakerState::Closed), (2, BreakerState::Open)] {
        let mut bench = Bench::new(BreakerConfig { half_open: rules, ..plain() });
        bench.break_at(at(0));
        let probes = [(); 4].map(|()| bench.admit(at(100)));
        for (index, probe) in probes.into_iter().enumerate() {
            assert_eq!(bench.core.state(), BreakerState::HalfOpen);
            if index < failures { bench.fail(at(110), probe) } else { bench.ok(at(110), probe) }
        }
        assert_eq!(bench.core.state(), expected, "{failures} of 4 failed");
    }
}

#[test]
fn a_late_outcome_of_an_earlier_generation_moves_nothing() {
    let mut bench = Bench::new(plain());
    let [late_failure, late_success, late_again] = [(); 3].map(|()| bench.admit(at(0)));
    bench.break_at(at(0));
    let before = bench.core.next_deadline();
    bench.fail(at(50), late_again);
    assert_eq!(bench.core.next_deadline(), before, "an open circuit is not opened again");

    let _probe = bench.admit(at(100));
    let generation = bench.core.snapshot(at(100)).generation;
    bench.fail(at(101), late_failure);
    bench.ok(at(101), late_success);
    let snapshot = bench.core.snapshot(at(101));
    assert_eq!((snapshot.state, snapshot.generation), (BreakerState::HalfOpen, generation));
    assert_eq!(snapshot.late_outcomes, 3);
}

#[test]
fn a_success_from_before_the_opening_does_not_close() {
    let single = HalfOpen { permits: 1, ..HalfOpen::default() };
    let mut bench = Bench::new(BreakerConfig { half_open: single, ..plain() });
    let before = bench.admit(at(0));
    bench.break_at(at(0));
    let _probe = bench.admit(at(100));
    bench.ok(at(101), before);
    assert_eq!(bench.core.state(), BreakerState::HalfOpen);
}

#[test]
fn an_abandoned_probe_gives_its_permit_back_and_is_no_success() {
    let mut bench = Bench::new(plain());
    bench.break_at(at(0));
    for _ in 0..9 {
        let probe = bench.admit(at(100));
        bench.core.on_abandoned(probe);
        assert_eq!(bench.core.state(), BreakerState::HalfOpen);
    }
    let _probes = [(); 2].map(|()| bench.admit(at(100)));
    assert_eq!(bench.refused(at(100)).reason, Reason::PROBES_TAKEN);
}

#[test]
fn an_abandoned_call_of_an_earlier_generation_mints_no_permit() {
    let mut bench = Bench::new(plain());
    let before = [(); 5].map(|()| bench.admit(at(0)));
    bench.break_at(at(0));
    let _probes = [(); 2].map(|()| bench.admit(at(100)));
    before.into_iter().for_each(|permit| bench.core.on_abandoned(permit));
    assert_eq!(bench.refused(at(100)).reason, Reason::PROBES_TAKEN);
}

#[test]
fn probes_that_hang_do_not_hold_the_circuit_half_open() {
    let mut bench = Bench::new(plain());
    bench.break_at(at(0));
    let [hung, _other] = [(); 2].map(|()| bench.admit(at(100)));
    assert_eq!(bench.refused(Time::from_nanos(199_999_999)).reason, Reason::PROBES_TAKEN);
    let refused = bench.refused(at(200));
    assert_eq!((refused.reason, refused.retry_after), (Reason::OPEN, Some(ms(200))));
    bench.ok(at(201), hung);
    assert_eq!(bench.core.state(), BreakerState::Open);
}

#[test]
fn a_probe_that_ends_in_time_counts_and_one_that_does_not_opens() {
    let single = HalfOpen { permits: 1, ..HalfOpen::default() };
    for (end, expected) in [(200, BreakerState::Closed), (201, BreakerState::Open)] {
        let mut bench = Bench::new(BreakerConfig { half_open: single, ..plain() });
        bench.break_at(at(0));
        let probe = bench.admit(at(100));
        bench.ok(at(end), probe);
        assert_eq!(bench.core.state(), expected, "ended at {end} ms");
    }
}

/// The time that a probe may take is its own, and not that of all together.
#[test]
fn probes_that_come_seldom_close_the_circuit_as_well() {
    for stuck in [Stuck::Open, Stuck::Wait] {
        for pause in [1, 99, 100, 101, 3_600_000] {
            let half_open = HalfOpen { stuck, ..plain().half_open };
            let mut bench = Bench::new(BreakerConfig { half_open, ..plain() });
            bench.break_at(at(0));
            for begins in [100, 100 + pause] {
                assert_eq!(bench.status(at(begins)), Status::Ready, "{stuck:?}, {pause} ms");
                let probe = bench.admit(at(begins));
                bench.ok(at(begins + 1), probe);
            }
            assert_eq!(bench.core.state(), BreakerState::Closed, "{stuck:?}, {pause} ms");
        }
    }
}

#[test]
fn its_status_tells_what_becomes_of_a_call() {
    let rests = |until| Status::Rests { until };
    let mut bench = Bench::new(plain());
    assert_eq!(bench.status(at(0)), Status::Ready);
    bench.break_at(at(0));
    assert_eq!([0, 99].map(|now| bench.status(at(now))), [rests(at(100)); 2]);
    assert_eq!(bench.status(at(100)), Status::Ready);
    let _first = bench.admit(at(100));
    assert_eq!(bench.status(at(110)), Status::Ready, "another probe may go");
    let second = bench.admit(at(120));
    assert_eq!(bench.status(at(120)), rests(at(200)), "the probes are taken");
    bench.ok(at(130), second);
    assert_eq!(bench.status(at(130)), rests(at(200)), "and are not given back by a success");
    assert_eq!(
        bench.status(at(200)),
        rests(at(400)),
        "the first took too long, though no call came"
    );
    bench.core.force(Manual::ForcedOpen);
    assert_eq!(bench.status(at(500)), rests(Time::MAX));
    bench.core.force(Manual::Automatic);
    assert_eq!(bench.status(at(500)), Status::Ready);
}

#[test]
fn stuck_probes_may_close_the_circuit() {
    let rules = HalfOpen { stuck: Stuck::Close, max_wait: Some(ms(30)), ..HalfOpen::default() };
    let mut bench = Bench::new(BreakerConfig { half_open: rules, ..plain() });
    bench.break_at(at(0));
    let _hung = bench.admit(at(100));
    assert_eq!(bench.refused(at(129)).retry_after, Some(ms(1)));
    let _call = bench.admit(at(130));
    assert_eq!(bench.core.state(), BreakerState::Closed);
}

#[test]
fn a_closed_circuit_remembers_nothing_of_before() {
    let mut bench = Bench::new(plain());
    bench.break_at(at(0));
    let probes = [(); 2].map(|()| bench.admit(at(100)));
    probes.into_iter().for_each(|probe| bench.ok(at(100), probe));
    let permit = bench.admit(at(100));
    bench.fail(at(100), permit);
    assert_eq!(bench.core.state(), BreakerState::Closed, "one failure of two");
}

#[test]
fn overload_counts_in_the_rate_but_not_in_the_run_and_fails_a_probe() {
    let rate = BreakerConfig { windows: vec![Window::Count(10)], min_calls: 4, ..plain() };
    let mut bench = Bench::new(rate);
    for call in 1..=4 {
        assert_eq!(bench.core.state(), BreakerState::Closed, "before call {call}");
        let permit = bench.admit(at(0));
        bench.overload(at(0), permit);
    }
    assert_eq!(bench.core.state(), BreakerState::Open);
    let probe = bench.admit(at(100));
    bench.overload(at(100), probe);
    assert_eq!(bench.core.state(), BreakerState::Open);

    let mut bench = Bench::new(plain());
    for _ in 0..100 {
        let permit = bench.admit(at(0));
        bench.overload(at(0), permit);
    }
    assert_eq!(bench.core.state(), BreakerState::Closed);
}

#[test]
fn a_call_is_slow_beyond_the_threshold_and_not_at_it() {
    let slow = Some(Slow { threshold: ms(10), rate: 1.0 });
    let windows = vec![Window::Count(2)];
    for (took, expected) in [(10, BreakerState::Closed), (11, BreakerState::Open)] {
        let mut bench = Bench::new(BreakerConfig { slow, windows: windows.clone(), ..plain() });
        for _ in 0..2 {
            let permit = bench.admit(at(0));
            bench.ok(at(took), permit);
        }
        assert_eq!(bench.core.state(), expected, "calls of {took} ms");
    }
}

#[test]
fn a_small_window_needs_no_more_calls_than_it_holds() {
    let small = BreakerConfig { windows: vec![Window::Count(5)], consecutive: None, ..plain() };
    let mut bench = Bench::new(small);
    (0..5).for_each(|_| {
        let permit = bench.admit(at(0));
        bench.fail(at(0), permit);
    });
    assert_eq!(bench.core.state(), BreakerState::Open);
}

#[test]
fn a_hand_overrules_the_circuit() {
    let mut bench = Bench::new(plain());
    bench.core.force(Manual::ForcedOpen);
    assert_eq!(bench.refused(at(1_000_000)).retry_after, None);
    for (manual, state) in [
        (Manual::Disabled, BreakerState::Disabled),
        (Manual::MetricsOnly, BreakerState::MetricsOnly),
    ] {
        bench.core.force(manual);
        for _ in 0..9 {
            let permit = bench.admit(at(0));
            bench.fail(at(0), permit);
            assert_eq!(bench.core.state(), state);
        }
    }
    assert_eq!(bench.core.snapshot(at(0)).consecutive, 9, "only metrics-only counts");
    bench.core.force(Manual::Automatic);
    assert_eq!(bench.core.snapshot(at(0)).consecutive, 0);
    bench.break_at(at(0));
    bench.core.poll_transition();
    bench.core.force(Manual::Automatic);
    assert_eq!(bench.core.poll_transition(), None, "it was automatic");
    assert_eq!(bench.core.state(), BreakerState::Open);
}
