//! What is promised of any interval, whatever comes and whoever leaves.

use proptest::prelude::*;

use super::*;

/// A call or a cancellation: after how long, for how many, and whether it may wait.
type Event = (u64, u32, bool, Option<usize>);

fn events() -> impl Strategy<Value = Vec<Event>> {
    let gap = prop_oneof![Just(0), 0u64..40_000_000, 0u64..3_000_000];
    let event = (gap, 1u32..=4, any::<bool>(), prop::option::weighted(0.3, 0usize..8));
    prop::collection::vec(event, 0..120)
}

/// When permits were used in the end, in order.
fn used(algorithm: Algorithm, events: &[Event]) -> Vec<Time> {
    let mut core = limit(algorithm, ms(80));
    let (mut now, mut used, mut waiting) = (Time::ZERO, Vec::new(), Vec::<Reservation>::new());
    for (gap, permits, patient, leaves) in events {
        now = now.after(*gap);
        waiting.retain(|reservation| {
            let due = reservation.at <= now;
            used.extend((0..reservation.permits).filter(|_| due).map(|_| reservation.at));
            !due
        });
        if let Some(place) = leaves.filter(|place| *place < waiting.len()) {
            core.on_cancelled(now, waiting.remove(place));
        }
        let deadline = if *patient { Time::MAX } else { now };
        match core.on_call(now, *permits, deadline) {
            Decision::Granted => used.extend((0..*permits).map(|_| now)),
            Decision::Reserved(reservation) => waiting.push(reservation),
            Decision::Rejected(_) => {}
        }
    }
    used.extend(waiting.iter().flat_map(|late| (0..late.permits).map(|_| late.at)));
    used.sort();
    used
}

/// Most uses in any half-open interval of this length.
fn most_within(used: &[Time], length: Duration) -> usize {
    let within =
        |first: &Time| used.iter().filter(|at| **at >= *first && **at < *first + length).count();
    used.iter().map(within).max().unwrap_or(0)
}

proptest! {
    /// In any time t at most rate · t + burst. A turn is rounded up to a nanosecond, so it may come
    /// by less than one too late, and the next one that much too early after it.
    #[test]
    fn a_bucket_never_gives_more_than_it_got(
        events in events(),
        permits in 1u32..50,
        burst in 1u32..6,
        exact in any::<bool>(),
    ) {
        let rate = Rate { permits, per: Duration::from_millis(100) };
        let algorithm = if exact {
            Algorithm::TokenBucket { rate, burst }
        } else {
            Algorithm::Gcra { rate, burst }
        };
        let used = used(algorithm, &events);
        let interval = 100_000_000 / u64::from(permits);
        for (first, from) in used.iter().enumerate() {
            for (last, until) in used.iter().enumerate().skip(first) {
                let nanos = until.since(*from).as_nanos() as u64;
                let gained = if exact {
                    (nanos + 1) * u64::from(permits) / 100_000_000
                } else {
                    nanos / interval
                };
                prop_assert!((last - first + 1) as u64 <= gained + u64::from(burst));
            }
        }
    }

    #[test]
    fn a_log_never_holds_more_than_its_limit(events in events(), limit in 1u32..6) {
        let used = used(Algorithm::SlidingLog { limit, window: WINDOW }, &events);
        prop_assert!(most_within(&used, WINDOW) <= limit as usize);
    }

    #[test]
    fn a_counter_never_lets_more_than_twice_its_limit_through(events in events(), limit in 1u32..6) {
        let used = used(Algorithm::SlidingCounter { limit, window: WINDOW }, &events);
        prop_assert!(most_within(&used, WINDOW) <= 2 * limit as usize);
        let window = |at: &Time| at.as_nanos() / WINDOW.as_nanos() as u64;
        for at in &used {
            let within = used.iter().filter(|other| window(other) == window(at)).count();
            prop_assert!(within <= limit as usize);
        }
    }

    #[test]
    fn no_cycle_gets_more_than_its_limit(events in events(), limit in 1u32..6) {
        let used = used(Algorithm::FixedCycle { limit, window: WINDOW }, &events);
        let cycle = |at: &Time| at.as_nanos() / WINDOW.as_nanos() as u64;
        for at in &used {
            let within = used.iter().filter(|other| cycle(other) == cycle(at)).count();
            prop_assert!(within <= limit as usize);
        }
    }
}
