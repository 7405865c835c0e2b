//! Breakers, throttles, cooldowns, retries and hedges.

use std::time::Duration;

use cascadia_patterns::breaker::document::{DocumentBreaker, DocumentConfig};
use cascadia_patterns::breaker::{Breaker, BreakerConfig, Slow, Window};
use cascadia_patterns::call::{Baggage, Class, Pushback};
use cascadia_patterns::cooldown::{Cooldown, CooldownConfig};
use cascadia_patterns::hedge::{Copies, Hedge, HedgeConfig, HedgeDelay};
use cascadia_patterns::retry::{
    AwsConfig, BucketConfig, Budget, BudgetConfig, ConcurrentConfig, CumulativeConfig, Facts,
    RetryConfig, TokensConfig, Tries,
};
use cascadia_patterns::throttle::{Throttle, ThrottleConfig};
use cascadia_runtime::Stream;

use super::super::allocations;
use super::{End, turns};

const FAILED: Class = Class::Failure { retryable: true, overload: false };
const OVERLOADED: Class = Class::Failure { retryable: true, overload: true };

#[test]
fn a_breaker_allocates_nothing() {
    let windows = [
        Window::Count(100),
        Window::Time { span: Duration::from_secs(10), buckets: 10 },
        Window::Ewma { half_life: Duration::from_secs(1) },
    ];
    let slow = Some(Slow { threshold: Duration::from_secs(1), rate: 0.5 });
    let consecutive = Some(5);
    for windows in [vec![], vec![windows[0]], vec![windows[1]], vec![windows[2]], windows.into()] {
        let config = BreakerConfig { windows, consecutive, slow, ..BreakerConfig::default() };
        let (mut core, mut stream) = (Breaker::new(config.clone()), Stream::from_seed(1));
        let mut end = turns();
        let count = allocations(|now| {
            if let Ok(permit) = core.on_call(now, &mut stream) {
                match end() {
                    End::Success => core.on_success(now, permit, &mut stream),
                    End::Failure => core.on_failure(now, permit, false, &mut stream),
                    End::Overload => core.on_failure(now, permit, true, &mut stream),
                    End::Cancel => core.on_abandoned(permit),
                }
            }
            core.poll_transition();
            core.poll_count();
        });
        assert_eq!(count, 0, "{config:?}");
    }
}

#[test]
fn a_document_breaker_allocates_nothing() {
    let recovery = Duration::from_millis(100);
    let mut core = DocumentBreaker::new(DocumentConfig { recovery, ..DocumentConfig::default() });
    let mut end = turns();
    let count = allocations(|now| {
        if core.on_call(now).is_ok() {
            match end() {
                End::Success => core.on_success(),
                End::Failure | End::Overload => core.on_failure(now),
                End::Cancel => {}
            }
        }
        core.poll_transition();
    });
    assert_eq!(count, 0);
}

#[test]
fn a_throttle_allocates_nothing() {
    let config = ThrottleConfig { window: Duration::from_secs(2), ..ThrottleConfig::default() };
    let (mut core, mut stream) = (Throttle::new(config), Stream::from_seed(1));
    let mut end = turns();
    let count = allocations(|now| {
        if let Ok(sent) = core.on_call(now, &mut stream) {
            match end() {
                End::Success => core.on_accepted(now, sent),
                End::Failure | End::Overload => drop(sent),
                End::Cancel => core.on_abandoned(now, sent),
            }
        }
        core.poll_refused();
    });
    assert_eq!(count, 0);
}

/// Its table grows to the keys that it keeps, and no more.
#[test]
fn a_cooldown_allocates_nothing() {
    let pause = Duration::from_nanos(40);
    let mut core = Cooldown::new(CooldownConfig { pause, max_keys: 8, ..Default::default() });
    (0..8).for_each(|key| core.on_failure(cascadia_runtime::Time::ZERO, key));
    let mut end = turns();
    let count = allocations(|now| {
        let key = now.as_nanos() % 13;
        if core.on_call(now, key).is_ok() && matches!(end(), End::Failure | End::Overload) {
            core.on_failure(now, key);
        }
    });
    assert_eq!(count, 0);
}

#[test]
fn a_retry_and_its_budget_allocate_nothing() {
    let budgets = [
        Budget::Ratio(BudgetConfig::default()),
        Budget::Tokens(TokensConfig::default()),
        Budget::Aws(AwsConfig::default()),
        Budget::Concurrent(ConcurrentConfig::default()),
        Budget::Bucket(BucketConfig::default()),
        Budget::Cumulative(CumulativeConfig::default()),
    ];
    let baggage = Baggage { safe: true, ..Baggage::default() };
    for kind in budgets {
        let (mut budget, mut stream) = (kind.build(), Stream::from_seed(1));
        let mut end = turns();
        let count = allocations(|now| {
            let config = RetryConfig::default();
            let mut tries = Tries::new(&config, &baggage);
            tries.on_try(now, Some(&mut *budget));
            let class = match end() {
                End::Success => Class::Success,
                End::Failure => FAILED,
                End::Overload => OVERLOADED,
                End::Cancel => return tries.on_drop(&mut *budget),
            };
            let pushback = Pushback::Silent;
            let facts = Facts { class, pushback, untouched: false, timed_out: false, copied: true };
            let _ = tries.on_outcome(now, facts, Some(&mut *budget), &mut stream);
            tries.on_drop(&mut *budget);
        });
        assert_eq!(count, 0, "{kind:?}");
    }
}

#[test]
fn a_hedge_allocates_nothing() {
    let delay = Duration::from_millis(2);
    for kind in [HedgeDelay::Fixed(delay), HedgeDelay::quantile(0.95)] {
        let mut core = Hedge::new(HedgeConfig { delay: kind, ..HedgeConfig::default() });
        let mut end = turns();
        let count = allocations(|now| {
            let known = core.on_call(now);
            core.poll_refreshed();
            let mut copies = Copies::new(now, known.unwrap_or(delay), 1, None);
            let due = copies.due();
            if core.try_withdraw(due) {
                copies.on_sent(due);
            }
            match end() {
                End::Success => core.on_latency(due, delay),
                End::Failure => drop(copies.on_outcome(due, FAILED, Pushback::Silent)),
                End::Overload => core.refund(due),
                End::Cancel => core.on_abandoned(due, delay),
            }
        });
        assert_eq!(count, 0, "{kind:?}");
    }
}
