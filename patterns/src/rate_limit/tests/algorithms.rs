//! What sets the ways of counting apart.

use super::*;

const LIMIT: u32 = 50;

#[test]
fn a_fixed_cycle_lets_two_bursts_through_at_its_boundary() {
    let mut core = limit(Algorithm::FixedCycle { limit: LIMIT, window: WINDOW }, ms(0));
    assert_eq!(passes(&mut core, at(30) - Duration::from_nanos(1)), LIMIT);
    assert_eq!(passes(&mut core, at(30)), LIMIT);
}

#[test]
fn a_sliding_log_does_not() {
    let mut core = limit(Algorithm::SlidingLog { limit: LIMIT, window: WINDOW }, ms(0));
    assert_eq!(passes(&mut core, at(30) - Duration::from_nanos(1)), LIMIT);
    assert_eq!(passes(&mut core, at(30)), 0);
    assert_eq!(passes(&mut core, at(60) - Duration::from_nanos(2)), 0);
    assert_eq!(passes(&mut core, at(60) - Duration::from_nanos(1)), LIMIT);
}

#[test]
fn a_token_bucket_gives_at_the_boundary_what_has_come_in() {
    let rate = Rate { permits: LIMIT, per: WINDOW };
    let mut core = limit(Algorithm::TokenBucket { rate, burst: LIMIT }, ms(0));
    assert_eq!(passes(&mut core, at(30) - Duration::from_nanos(1)), LIMIT);
    assert_eq!(passes(&mut core, at(30)), 0);
    assert_eq!(passes(&mut core, at(45)), LIMIT / 2);
}

/// The counter takes the calls of the last window to have come evenly. They came all at its end,
/// so half of them are forgotten too early.
#[test]
fn a_sliding_counter_is_wrong_by_what_came_unevenly() {
    let mut core = limit(Algorithm::SlidingCounter { limit: LIMIT, window: WINDOW }, ms(0));
    assert_eq!(passes(&mut core, at(29)), LIMIT);
    assert_eq!(passes(&mut core, at(30)), 0);
    assert_eq!(passes(&mut core, at(45)), LIMIT / 2);
}

/// governor rounds the interval of a GCRA to whole nanoseconds; the bucket does not.
#[test]
fn a_token_bucket_keeps_a_rate_that_is_no_whole_number_of_nanoseconds() {
    let rate = Rate::per_second(3);
    let due = |algorithm| {
        let mut core = limit(algorithm, Duration::from_secs(2_000));
        (0..=3_000).map(|_| core.on_call(Time::ZERO, 1, Time::MAX)).last()
    };
    let last = |algorithm| reserved(due(algorithm).unwrap()).at();
    assert_eq!(last(Algorithm::TokenBucket { rate, burst: 1 }), Time::ZERO + ms(1_000_000));
    let gcra = last(Algorithm::Gcra { rate, burst: 1 });
    assert_eq!(gcra, Time::from_nanos(3_000 * 333_333_333));
}

/// resilience4j lets permits go below zero: a reservation of three takes the one that is left of
/// this cycle along into the next, which then gives four.
#[test]
fn what_is_left_of_a_cycle_does_not_count_for_the_next() {
    let mut core = limit(Algorithm::FixedCycle { limit: 3, window: WINDOW }, ms(60));
    assert_eq!(call(&mut core, at(0), 2), Decision::Granted);
    assert_eq!(reserved(call(&mut core, at(1), 3)).at(), at(30));
    assert_eq!(passes(&mut core, at(2)), 1, "what is left of this cycle is used in it");
    assert_eq!(retry_after(core.on_call(at(30), 1, at(30))), Some(ms(30)));
}

/// resilience4j gives nothing back when a waiter is interrupted.
#[test]
fn an_interrupted_waiter_of_a_cycle_gives_its_permit_back() {
    let mut core = limit(Algorithm::FixedCycle { limit: 1, window: WINDOW }, ms(40));
    assert_eq!(call(&mut core, at(0), 1), Decision::Granted);
    for _ in 0..100 {
        let waiting = reserved(call(&mut core, at(1), 1));
        assert_eq!(waiting.at(), at(30));
        core.on_cancelled(at(2), waiting);
    }
}

/// x/time/rate and others give all of a cancelled reservation back, so the next caller gets the
/// turn of somebody who waits.
#[test]
fn a_refund_takes_no_turn_from_those_behind() {
    for algorithm in [ALL[0], ALL[1]] {
        let mut core = limit(algorithm, ms(100));
        assert_eq!(passes_granted(&mut core), BURST);
        let [first, second] = [(); 2].map(|()| reserved(call(&mut core, at(0), 1)));
        assert_eq!((first.at(), second.at()), (at(10), at(20)));
        core.on_cancelled(at(5), first);
        assert_eq!(reserved(call(&mut core, at(5), 1)).at(), at(30));
    }
}

fn passes_granted(core: &mut RateLimit) -> u32 {
    (0..BURST).filter(|_| call(core, at(0), 1) == Decision::Granted).count() as u32
}
