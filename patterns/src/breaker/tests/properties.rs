use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Event {
    Pause(u64),
    Call,
    Ok(usize),
    Fail(usize),
    Overload(usize),
    Abandon(usize),
    Force(Manual),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let hand = prop_oneof![
        3 => Just(Manual::Automatic),
        1 => Just(Manual::ForcedOpen),
        1 => Just(Manual::Disabled),
        1 => Just(Manual::MetricsOnly),
    ];
    let event = prop_oneof![
        2 => (0u64..120).prop_map(Event::Pause),
        4 => Just(Event::Call),
        2 => (0usize..6).prop_map(Event::Ok),
        3 => (0usize..6).prop_map(Event::Fail),
        1 => (0usize..6).prop_map(Event::Overload),
        1 => (0usize..6).prop_map(Event::Abandon),
        1 => hand.prop_map(Event::Force),
    ];
    prop::collection::vec(event, 0..400)
}

fn configs() -> impl Strategy<Value = BreakerConfig> {
    let reopen = prop_oneof![Just(Reopen::FirstFailure), Just(Reopen::Rate)];
    let stuck = prop_oneof![Just(Stuck::Open), Just(Stuck::Close), Just(Stuck::Wait)];
    let probes = (1u32..4).prop_flat_map(|permits| (Just(permits), prop::option::of(1..=permits)));
    let window = prop_oneof![
        Just(Window::Count(6)),
        Just(Window::Time { span: ms(300), buckets: 3 }),
        Just(Window::Ewma { half_life: ms(100) }),
    ];
    let windows = prop::collection::vec(window, 0..3);
    let slow = prop::option::of(Just(Slow { threshold: ms(50), rate: 0.6 }));
    (probes, reopen, stuck, windows, slow).prop_map(
        |((permits, successes), reopen, stuck, windows, slow)| BreakerConfig {
            windows,
            min_calls: 3,
            consecutive: Some(4),
            slow,
            open: OpenWait { jitter: Jitter::Full, ..plain().open },
            half_open: HalfOpen { permits, successes, stuck, reopen, max_wait: None },
            ..BreakerConfig::default()
        },
    )
}

fn legal(transition: Transition, event: Event) -> bool {
    use BreakerState::{Closed, Disabled, ForcedOpen, HalfOpen, MetricsOnly, Open};
    let by_hand = |state| matches!(state, ForcedOpen | Disabled | MetricsOnly);
    match (transition.from, transition.to) {
        (from, Closed) if by_hand(from) => matches!(event, Event::Force(Manual::Automatic)),
        (_, to) if by_hand(to) => matches!(event, Event::Force(_)),
        edge => matches!(edge, (Closed, Open) | (Open, HalfOpen) | (HalfOpen, Closed | Open)),
    }
}

/// Permits on the way, and what each half-open generation admitted and saw abandoned.
#[derive(Default)]
struct Ledger {
    out: Vec<(u64, Permit)>,
    probes: BTreeMap<u64, (u32, u32)>,
}

impl Ledger {
    fn take(&mut self, index: usize) -> Option<(u64, Permit)> {
        (index < self.out.len()).then(|| self.out.remove(index))
    }

    fn call(&mut self, bench: &mut Bench, now: Time) -> Result<(), TestCaseError> {
        let (state, until) = (bench.core.state(), bench.core.next_deadline());
        let result = bench.call(now);
        if state == BreakerState::Open && until.is_some_and(|until| now < until) {
            let wait = until.map(|until| until.since(now));
            prop_assert_eq!(result.unwrap_err().retry_after, wait, "admitted while open");
            return Ok(());
        }
        let snapshot = bench.core.snapshot(now);
        if let Ok(permit) = result {
            if snapshot.state == BreakerState::HalfOpen {
                self.probes.entry(snapshot.generation).or_default().0 += 1;
            }
            self.out.push((snapshot.generation, permit));
        }
        Ok(())
    }

    fn abandon(&mut self, bench: &mut Bench, index: usize) {
        if let Some((generation, permit)) = self.take(index) {
            bench.core.on_abandoned(permit);
            if let Some((_, abandoned)) = self.probes.get_mut(&generation) {
                *abandoned += 1;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn no_history_breaks_the_rules(config in configs(), events in events()) {
        let permits = config.half_open.permits;
        let mut bench = Bench::new(config);
        let (mut ledger, mut now) = (Ledger::default(), Time::ZERO);
        for event in events {
            let before = bench.core.snapshot(now);
            let mut of = before.generation;
            match event {
                Event::Pause(pause) => now += ms(pause),
                Event::Call => ledger.call(&mut bench, now)?,
                Event::Ok(index) | Event::Fail(index) | Event::Overload(index) => {
                    if let Some((generation, permit)) = ledger.take(index) {
                        of = generation;
                        match event {
                            Event::Ok(_) => bench.ok(now, permit),
                            Event::Fail(_) => bench.fail(now, permit),
                            _ => bench.overload(now, permit),
                        }
                    }
                }
                Event::Abandon(index) => ledger.abandon(&mut bench, index),
                Event::Force(manual) => bench.core.force(manual),
            }
            let after = bench.core.snapshot(now);
            let transition = bench.core.poll_transition();
            let moved = u64::from(transition.is_some());
            prop_assert_eq!(after.generation, before.generation + moved, "at most one each");
            if let Some(transition) = transition {
                prop_assert_eq!(of, before.generation, "moved by a late outcome");
                prop_assert!(legal(transition, event), "{:?}", transition);
                prop_assert_eq!((transition.from, transition.to), (before.state, after.state));
            }
            for (admitted, abandoned) in ledger.probes.values() {
                prop_assert!(*admitted <= permits + abandoned);
            }
        }
    }
}
