use std::sync::Arc;

use cascadia_runtime::Stream;

use crate::call::{Baggage, Class, Key, Pushback};
use crate::observe::RetryDenied;
use crate::retry::{
    Backoff, BudgetConfig, Decision, Facts, RatioBudget, RetryBudget, RetryConfig, Tries,
};
use crate::testing::{at, ms, safe};

const RETRYABLE: Class = Class::Failure { retryable: true, overload: false };
const FAILED: Facts = Facts {
    class: RETRYABLE,
    pushback: Pushback::Silent,
    untouched: false,
    timed_out: false,
    copied: true,
};

fn config() -> RetryConfig {
    RetryConfig { backoff: Backoff::Fixed { delay: ms(10) }, ..RetryConfig::default() }
}

/// The decision at 100 ms after the first try of a call.
fn decide(config: RetryConfig, baggage: &Baggage, facts: Facts) -> Decision {
    let mut tries = Tries::new(&config, baggage);
    tries.on_try(at(0), None);
    tries.on_outcome(at(100), facts, None, &mut Stream::from_seed(1))
}

#[test]
fn only_a_retryable_failure_is_tried_again() {
    let class = |class| decide(config(), &safe().baggage, Facts { class, ..FAILED });
    assert_eq!(class(RETRYABLE), Decision::Retry { delay: ms(10) });
    assert_eq!(class(Class::Success), Decision::Return);
    assert_eq!(class(Class::Ignore), Decision::Return);
    let fatal = Class::Failure { retryable: false, overload: true };
    assert_eq!(class(fatal), Decision::Return);
}

#[test]
fn tries_are_counted_from_zero_and_end() {
    let config = config();
    let mut tries = Tries::new(&config, &safe().baggage);
    let mut stream = Stream::from_seed(1);
    for (number, last) in [(0, false), (1, false), (2, true)] {
        assert_eq!((tries.on_try(at(0), None), tries.is_last()), (number, last));
        let decision = tries.on_outcome(at(0), FAILED, None, &mut stream);
        assert_eq!(decision == Decision::Return, last);
    }
}

#[test]
fn an_unsafe_request_is_sent_again_only_if_that_can_do_no_harm() {
    let denied = Decision::Denied(RetryDenied::Unsafe);
    let retry = Decision::Retry { delay: ms(10) };
    let plain = Baggage::default();
    assert_eq!(decide(config(), &plain, FAILED), denied);
    assert_eq!(decide(config(), &plain, Facts { untouched: true, ..FAILED }), retry);
    let keyed = Baggage { key: Some(Arc::new(Key("order-7".into()))), ..Baggage::default() };
    assert_eq!(decide(config(), &keyed, FAILED), retry);
    assert_eq!(decide(RetryConfig { retry_unsafe: true, ..config() }, &plain, FAILED), retry);
}

#[test]
fn a_server_may_ask_for_a_longer_wait_but_not_for_any() {
    let asked = |config, wait| {
        decide(config, &safe().baggage, Facts { pushback: Pushback::After(ms(wait)), ..FAILED })
    };
    let max = RetryConfig { max_retry_after: Some(ms(50)), ..config() };
    assert_eq!(asked(max, 4), Decision::Retry { delay: ms(14) });
    assert_eq!(asked(max, 50), Decision::Retry { delay: ms(60) });
    assert_eq!(asked(max, 51), Decision::Denied(RetryDenied::RetryAfter));
    assert_eq!(asked(config(), 10), Decision::Retry { delay: ms(20) });
    assert_eq!(asked(config(), 11), Decision::Denied(RetryDenied::RetryAfter));
}

#[test]
fn a_retry_that_could_not_end_in_time_is_not_made() {
    let config = RetryConfig { min_useful: ms(5), ..config() };
    let due = |millis| Baggage { deadline: Some(at(millis)), ..safe().baggage };
    assert_eq!(decide(config, &due(115), FAILED), Decision::Retry { delay: ms(10) });
    assert_eq!(decide(config, &due(114), FAILED), Decision::Denied(RetryDenied::Deadline));
}

#[test]
fn without_a_copy_there_is_no_retry() {
    let facts = Facts { copied: false, ..FAILED };
    assert_eq!(
        decide(config(), &safe().baggage, facts),
        Decision::Denied(RetryDenied::NotCloneable)
    );
}

#[test]
fn the_budget_is_asked_last_and_left_alone_by_what_is_denied_before() {
    let one = BudgetConfig { ratio: 1.0, min_per_second: 0.0, ..BudgetConfig::default() };
    let mut budget = RatioBudget::new(one);
    budget.on_request(at(100));
    let mut after_failure = |baggage: &Baggage| {
        let config = config();
        let mut tries = Tries::new(&config, baggage);
        tries.on_try(at(100), None);
        let budget: &mut dyn RetryBudget = &mut budget;
        tries.on_outcome(at(100), FAILED, Some(budget), &mut Stream::from_seed(1))
    };
    let late = Baggage { deadline: Some(at(100)), ..safe().baggage };
    assert_eq!(after_failure(&late), Decision::Denied(RetryDenied::Deadline));
    assert_eq!(after_failure(&Baggage::default()), Decision::Denied(RetryDenied::Unsafe));
    assert_eq!(after_failure(&safe().baggage), Decision::Retry { delay: ms(10) });
    assert_eq!(after_failure(&safe().baggage), Decision::Denied(RetryDenied::Budget));
}

#[test]
fn only_the_layers_near_the_user_retry_where_that_is_set() {
    let near = RetryConfig { max_depth: Some(1), ..config() };
    let from = |depth| decide(near, &Baggage { depth, ..safe().baggage }, FAILED);
    assert_eq!([0, 1].map(from), [Decision::Retry { delay: ms(10) }; 2]);
    assert_eq!(from(2), Decision::Denied(RetryDenied::Depth));
    let any = decide(config(), &Baggage { depth: u8::MAX, ..safe().baggage }, FAILED);
    assert_eq!(any, Decision::Retry { delay: ms(10) });
}

/// Four tries at each of three layers make 64 of one request; where only the outermost may, 4.
#[test]
fn layers_that_all_retry_multiply_unless_depth_forbids_it() {
    fn arrivals(config: RetryConfig, depth: u8) -> u64 {
        if depth == 3 {
            return 1;
        }
        let baggage = Baggage { depth, ..safe().baggage };
        let (mut tries, mut stream) = (Tries::new(&config, &baggage), Stream::from_seed(1));
        let mut sum = 0;
        loop {
            tries.on_try(at(0), None);
            sum += arrivals(config, depth + 1);
            if !matches!(tries.on_outcome(at(0), FAILED, None, &mut stream), Decision::Retry { .. })
            {
                return sum;
            }
        }
    }
    let four = RetryConfig { attempts: 4, backoff: Backoff::None, ..RetryConfig::default() };
    assert_eq!(arrivals(four, 0), 64);
    assert_eq!(arrivals(RetryConfig { max_depth: Some(0), ..four }, 0), 4);
}
