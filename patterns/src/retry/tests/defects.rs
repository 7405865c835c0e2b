//! Defects of other implementations, each as a test that it would fail.

use std::time::Duration;

use cascadia_runtime::Stream;

use crate::call::{Baggage, Call, Class, Context, Failure, Pushback, call_fn};
use crate::env::Env;
use crate::retry::{
    AwsConfig, Backoff, Budget, BudgetConfig, ConcurrentConfig, Decision, Facts, RatioBudget,
    RetryBudget, RetryConfig, RetryLayer, Tries, Trouble,
};
use crate::testing::{TestWorld, at, ms, safe};

/// Delays before the first retry of a thousand calls.
fn first_delays(backoff: Backoff) -> Vec<Duration> {
    let mut stream = Stream::from_seed(1);
    (0..1_000).map(|_| backoff.delays().next(&mut stream)).collect()
}

fn distinct(mut delays: Vec<Duration>) -> usize {
    delays.sort();
    delays.dedup();
    delays.len()
}

/// tower 0.5.3 multiplies the seconds and the nanoseconds of a delay apart, each cut off to a whole
/// number, so a base of exactly one second has no jitter.
#[test]
fn tower_jitter_is_cut_off_at_whole_seconds() {
    let base = Duration::from_secs(1);
    let spread = Backoff::Proportional { base, factor: 2.0, max: base, spread: 0.2 };
    assert!(distinct(first_delays(spread)) > 990);
    let full = Backoff::FullJitter { base, factor: 2.0, max: base };
    assert!(first_delays(full).iter().any(|delay| delay.subsec_nanos() > 0));
}

/// tower 0.5.3 keeps `1 / ratio` as a whole number: 0.6 becomes all and 0.3 a third.
#[test]
fn tower_budget_ratios_are_cut_off_to_whole_requests() {
    for (ratio, expected) in [(0.6, 600), (0.3, 300)] {
        let config = BudgetConfig { ratio, min_per_second: 0.0, ..BudgetConfig::default() };
        let mut budget = RatioBudget::new(config);
        (0..1_000).for_each(|_| budget.on_request(at(0)));
        assert_eq!(budget.balance(at(0)), expected);
    }
}

/// resilience4j, Polly, linkerd and Finagle cap a delay after its jitter, or lose the jitter at the
/// cap: those who fail for long then come back together.
#[test]
fn a_cap_after_the_jitter_makes_a_herd() {
    let (base, max) = (ms(10), ms(80));
    let mut stream = Stream::from_seed(1);
    let mut at_the_cap = |backoff: Backoff| {
        let mut last = || {
            let mut delays = backoff.delays();
            (0..9).map(|_| delays.next(&mut stream)).last().unwrap()
        };
        let delays: Vec<_> = (0..1_000).map(|_| last()).collect();
        let herd = delays.iter().filter(|delay| **delay == max).count();
        (herd, distinct(delays))
    };
    for backoff in [
        Backoff::FullJitter { base, factor: 2.0, max },
        Backoff::EqualJitter { base, factor: 2.0, max },
        Backoff::Proportional { base, factor: 2.0, max, spread: 0.25 },
    ] {
        let (herd, distinct) = at_the_cap(backoff);
        assert!(herd < 5 && distinct > 990, "{backoff:?}: {herd} at the cap, {distinct} distinct");
    }
}

/// failsafe-rs and others count whole seconds, so a shorter backoff is none.
#[test]
fn delays_shorter_than_a_second_are_kept_to_the_nanosecond() {
    let (base, max) = (Duration::from_nanos(1_001), Duration::from_nanos(3_500));
    let doubling = Backoff::Exponential { base, factor: 2.0, max };
    let (mut delays, mut stream) = (doubling.delays(), Stream::from_seed(1));
    let nanos: Vec<_> = (0..3).map(|_| delays.next(&mut stream).as_nanos()).collect();
    assert_eq!(nanos, [1_001, 2_002, 3_500]);
}

/// The buckets of the AWS SDKs refill by whole seconds of the wall clock, which steps.
#[tokio::test(start_paused = true)]
async fn aws_buckets_refill_by_the_wall_clock() {
    for budget in [
        BudgetConfig::default().into(),
        Budget::Aws(AwsConfig::default()),
        Budget::Concurrent(ConcurrentConfig::default()),
    ] {
        let down = call_fn(|_: Context| async { Err::<u32, _>(Failure::Service("down")) });
        let env = Env::new(TestWorld::new(), Stream::from_seed(1));
        let config = RetryConfig { budget: Some(budget), ..RetryConfig::default() };
        let layer = RetryLayer::new(config, env, down);
        assert_eq!(layer.call(safe()).await, Err(Failure::Service("down")));
    }
}

/// Finagle notes that a retry withdrawn from two budgets, of which the second denies it, is lost
/// to the first. Whatever denies a retry here does so before the budget is asked.
#[test]
fn a_retry_that_is_denied_for_another_reason_is_not_paid_for() {
    let one = BudgetConfig { ratio: 0.0, min_per_second: 0.1, ..BudgetConfig::default() };
    let mut budget = RatioBudget::new(one);
    let facts = Facts {
        class: Class::Failure { retryable: true, overload: false },
        pushback: Pushback::Silent,
        untouched: false,
        timed_out: false,
        copied: true,
    };
    let late = Baggage { deadline: Some(at(0)), ..safe().baggage };
    let config = RetryConfig::default();
    let mut tries = Tries::new(&config, &late);
    tries.on_try(at(1), Some(&mut budget));
    let decision = tries.on_outcome(at(1), facts, Some(&mut budget), &mut Stream::from_seed(1));
    assert!(matches!(decision, Decision::Denied(_)));
    assert!(budget.withdraw(at(1), Trouble::Failed).is_some());
}
