use std::time::Duration;

use cascadia_runtime::Stream;

use crate::retry::{Backoff, RetryConfig};
use crate::testing::ms;

const BASE: Duration = Duration::from_millis(10);
const MAX: Duration = Duration::from_millis(50);

fn first(backoff: Backoff, count: usize) -> Vec<Duration> {
    let (mut delays, mut stream) = (backoff.delays(), Stream::from_seed(1));
    (0..count).map(|_| delays.next(&mut stream)).collect()
}

/// The delays before the n-th retry of a thousand calls.
fn nth(backoff: Backoff, retry: usize) -> Vec<Duration> {
    let mut stream = Stream::from_seed(1);
    let mut last = || {
        let mut delays = backoff.delays();
        (0..=retry).map(|_| delays.next(&mut stream)).last().unwrap()
    };
    (0..1_000).map(|_| last()).collect()
}

/// Whether the delays lie in [low, high) and reach both ends but for 2 %.
fn fills(delays: &[Duration], low: Duration, high: Duration) -> bool {
    let edge = (high - low) / 50;
    delays.iter().all(|delay| (low..high).contains(delay))
        && delays.iter().any(|delay| *delay < low + edge)
        && delays.iter().any(|delay| *delay >= high - edge)
}

fn jittered() -> [(Backoff, f64, f64); 3] {
    let (base, factor, max, spread) = (BASE, 2.0, MAX, 0.2);
    [
        (Backoff::FullJitter { base, factor, max }, 0.0, 1.0),
        (Backoff::EqualJitter { base, factor, max }, 0.5, 1.0),
        (Backoff::Proportional { base, factor, max, spread }, 0.8, 1.2),
    ]
}

#[test]
fn delays_without_jitter_are_exact() {
    let (base, factor, max) = (BASE, 2.0, MAX);
    assert_eq!(first(Backoff::None, 3), [0, 0, 0].map(ms));
    assert_eq!(first(Backoff::Fixed { delay: BASE }, 3), [10, 10, 10].map(ms));
    assert_eq!(first(Backoff::Linear { base, max }, 6), [10, 20, 30, 40, 50, 50].map(ms));
    let doubling = Backoff::Exponential { base, factor, max };
    assert_eq!(first(doubling, 5), [10, 20, 40, 50, 50].map(ms));
}

#[test]
fn jitter_spreads_the_whole_range() {
    for (backoff, low, high) in jittered() {
        for (retry, cap) in [(0, ms(10)), (1, ms(20)), (2, ms(40))] {
            assert!(
                fills(&nth(backoff, retry), cap.mul_f64(low), cap.mul_f64(high)),
                "{backoff:?}"
            );
        }
    }
}

#[test]
fn the_cap_comes_before_the_jitter() {
    for (backoff, low, high) in jittered() {
        let delays = nth(backoff, 40);
        assert!(fills(&delays, MAX.mul_f64(low), MAX.mul_f64(high)), "{backoff:?}");
        let mut distinct = delays;
        distinct.sort();
        distinct.dedup();
        assert!(distinct.len() > 990, "{backoff:?} makes a herd");
    }
}

#[test]
fn a_base_of_a_second_is_jittered_too() {
    let (base, max) = (ms(1_000), ms(1_000));
    let delays = nth(Backoff::FullJitter { base, factor: 2.0, max }, 0);
    assert!(fills(&delays, ms(0), ms(1_000)));
}

#[test]
fn decorrelated_jitter_is_as_published() {
    let (base, max) = (BASE, MAX);
    let backoff = Backoff::Decorrelated { base, max };
    assert!(fills(&nth(backoff, 0), ms(10), ms(30)));
    let (mut delays, mut stream) = (backoff.delays(), Stream::from_seed(1));
    let mut previous = base;
    for _ in 0..1_000 {
        let delay = delays.next(&mut stream);
        assert!(delay >= base && delay <= max.min(previous * 3));
        previous = delay;
    }
}

#[test]
fn no_number_of_retries_overflows() {
    let (base, factor, max) = (ms(1), 10.0, Duration::MAX);
    let last = |backoff| first(backoff, 700)[699];
    assert!(last(Backoff::Exponential { base, factor, max }) > ms(1_000_000));
    assert!(last(Backoff::Linear { base: Duration::MAX, max }) == Duration::MAX);
    assert!(last(Backoff::Decorrelated { base, max }) > ms(1_000_000));
}

#[test]
fn each_mistake_is_named() {
    let culprit = |backoff| {
        let config = RetryConfig { backoff, ..RetryConfig::default() };
        config.check().unwrap_err().field
    };
    let (base, factor, max) = (BASE, 2.0, MAX);
    assert_eq!(culprit(Backoff::Fixed { delay: ms(0) }), "backoff.base");
    assert_eq!(culprit(Backoff::Linear { base: ms(51), max }), "backoff.max");
    assert_eq!(culprit(Backoff::FullJitter { base, factor: 0.9, max }), "backoff.factor");
    let spread = f64::NAN;
    assert_eq!(culprit(Backoff::Proportional { base, factor, max, spread }), "backoff.spread");
    let none = RetryConfig { attempts: 0, ..RetryConfig::default() };
    assert_eq!(none.check().unwrap_err().field, "attempts");
    assert_eq!(RetryConfig::default().check(), Ok(()));
}
