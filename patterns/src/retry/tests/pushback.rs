//! What a server says about another try.

use cascadia_runtime::Stream;
use proptest::prelude::*;

use crate::call::{Baggage, Class, Pushback};
use crate::observe::RetryDenied;
use crate::retry::{
    Backoff, Decision, End, Facts, RetryBudget, RetryConfig, TokensBudget, TokensConfig, Tries,
    Trouble,
};
use crate::testing::{at, ms, safe};

fn facts(pushback: Pushback) -> Facts {
    Facts {
        class: Class::Failure { retryable: true, overload: false },
        pushback,
        untouched: false,
        timed_out: false,
        copied: true,
    }
}

fn exact() -> RetryConfig {
    let (base, max) = (ms(10), ms(500));
    RetryConfig {
        attempts: 9,
        backoff: Backoff::Exponential { base, factor: 2.0, max },
        exact_retry_after: true,
        ..RetryConfig::default()
    }
}

/// The delays after failures with these pushbacks.
fn delays(config: RetryConfig, pushbacks: &[Pushback]) -> Vec<u64> {
    let (mut tries, mut stream) = (Tries::new(&config, &safe().baggage), Stream::from_seed(1));
    let mut delay = |pushback: &Pushback| {
        tries.on_try(at(0), None);
        match tries.on_outcome(at(0), facts(*pushback), None, &mut stream) {
            Decision::Retry { delay } => delay.as_millis() as u64,
            other => panic!("{other:?}"),
        }
    };
    pushbacks.iter().map(&mut delay).collect()
}

#[test]
fn a_wait_that_is_asked_for_is_exact_and_the_backoff_begins_anew_after_it() {
    let (silent, asked) = (Pushback::Silent, Pushback::After(ms(70)));
    let pushbacks = [silent, silent, silent, asked, silent, silent];
    assert_eq!(delays(exact(), &pushbacks), [10, 20, 40, 70, 10, 20]);
    let besides = RetryConfig { exact_retry_after: false, ..exact() };
    assert_eq!(delays(besides, &pushbacks), [10, 20, 40, 150, 160, 320]);
}

#[test]
fn a_server_that_says_stop_is_not_tried_again() {
    let config = exact();
    let mut tries = Tries::new(&config, &safe().baggage);
    tries.on_try(at(0), None);
    let mut stream = Stream::from_seed(1);
    let decision = tries.on_outcome(at(0), facts(Pushback::Stop), None, &mut stream);
    assert_eq!(decision, Decision::Denied(RetryDenied::Pushback));
}

/// gRPC A6: a pushback that forbids the retry costs a token, whatever the code was.
#[test]
fn a_stop_counts_against_the_tokens_though_it_is_not_retryable() {
    let mut budget = TokensBudget::new(TokensConfig::default());
    let config = exact();
    let mut tries = Tries::new(&config, &safe().baggage);
    let mut stream = Stream::from_seed(1);
    tries.on_try(at(0), Some(&mut budget));
    let class = Class::Failure { retryable: false, overload: false };
    let facts = Facts { class, ..facts(Pushback::Stop) };
    let decision = tries.on_outcome(at(0), facts, Some(&mut budget), &mut stream);
    assert_eq!((decision, budget.available(at(0))), (Decision::Return, 4.0));
    budget.on_end(End::Trouble(Trouble::Failed), None);
    assert_eq!(budget.available(at(0)), 3.0);
}

#[test]
fn a_wait_beyond_the_deadline_or_the_maximum_is_not_begun() {
    let denied = |deadline, wait| {
        let baggage = Baggage { deadline: Some(at(deadline)), ..safe().baggage };
        let config = exact();
        let mut tries = Tries::new(&config, &baggage);
        tries.on_try(at(0), None);
        tries.on_outcome(at(0), facts(Pushback::After(ms(wait))), None, &mut Stream::from_seed(1))
    };
    assert_eq!(denied(400, 300), Decision::Retry { delay: ms(300) });
    assert_eq!(denied(400, 401), Decision::Denied(RetryDenied::Deadline));
    assert_eq!(denied(900, 501), Decision::Denied(RetryDenied::RetryAfter));
}

proptest! {
    #[test]
    fn no_retry_comes_before_the_server_wants_it(
        asked in 0u64..600,
        deadline in 0u64..2_000,
        exact_retry_after in any::<bool>(),
    ) {
        let config = RetryConfig { exact_retry_after, ..exact() };
        let baggage = Baggage { deadline: Some(at(deadline)), ..safe().baggage };
        let mut tries = Tries::new(&config, &baggage);
        tries.on_try(at(0), None);
        let facts = facts(Pushback::After(ms(asked)));
        let decision = tries.on_outcome(at(0), facts, None, &mut Stream::from_seed(1));
        if let Decision::Retry { delay } = decision {
            prop_assert!(delay >= ms(asked) && at(0) + delay <= at(deadline));
        }
    }
}
