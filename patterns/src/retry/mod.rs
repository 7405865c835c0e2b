//! Tries again, where that helps and as often as the server can bear.
//!
//! Most failures are short, so trying again is the cheapest cure there is, and the most common way
//! to turn a short failure into a long one: three tries each treble the load on what failed
//! because it had too much, and a chain of three such callers sends 27 requests for one. What
//! decides is therefore less when to retry than when not to:
//!
//! - *Not what cannot help.* Only outcomes the classifier calls retryable.
//! - *Not what may do harm.* A request that is neither safe nor keyed is sent again only if the
//!   failure proves that it never reached the application (RFC 9110 §9.2.2).
//! - *Not together.* [`Backoff`] spreads the retries; its cap comes before its jitter.
//! - *Not too many.* A [`RetryBudget`] bounds the retries of all calls together, whatever number of
//!   tries each of them is allowed.
//! - *Not at every level.* Four tries at each of three layers are 64. The depth up to which a
//!   layer retries can be set; by default every layer does, as one layer alone cannot know which
//!   of them should.
//! - *Not too late.* A retry that could not end before the deadline is not made; the caller gets
//!   the error there was, and the budget is left alone.
//! - *Not before the server wants it, and not all at once then.* What a server asks for
//!   ([`Pushback`](crate::call::Pushback)) is waited for besides the backoff, whose jitter spreads
//!   those who wait for the same instant; or exactly, as gRPC has it. Longer than the backoff ever
//!   is, it ends the call instead: a breaker that stays open for seconds would else gather the
//!   requests of those seconds and let them loose when it closes.
//!
//! One instance has one budget: the calls that share a layer share it. Each try carries its number
//! in [`Attempt::number`](crate::call::Attempt::number).
//!
//! | [`Budget`] | a retry is made while | as in |
//! |---|---|---|
//! | [`Ratio`](Budget::Ratio) | retries of the last 10 s < 20 % of its requests + 10/s | Finagle, linkerd, tower |
//! | [`Tokens`](Budget::Tokens) | more than half of 10 tokens are there; a failure costs 1, a success earns 0.1 | gRPC A6 |
//! | [`Aws`](Budget::Aws) | a bucket of 500 holds its cost, 5, or 10 after a timeout | AWS SDKs |
//! | [`Concurrent`](Budget::Concurrent) | retries under way < 20 % of tries under way, or < 3 | Envoy |
//! | [`Bucket`](Budget::Bucket) | a bucket of 5 holds more than 1; a request, or a success, puts 0.1 in | Brooker |
//! | [`Cumulative`](Budget::Cumulative) | failures there ever were ≤ 10 % of first tries | Brooker's breaker |
//!
//! Whichever it is, a retry that is taken out and not sent is put back: denied for another reason
//! it was never taken, and a call that is dropped while it waits returns it.
//!
//! ```
//! # use std::time::Duration;
//! # use cascadia_patterns::{call::*, env::Env, retry::*};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let shaky = call_fn(|request: Context| async move {
//!     if request.attempt.number < 2 { Err(Failure::Service("not yet")) } else { Ok("done") }
//! });
//! let config = RetryConfig {
//!     backoff: Backoff::Fixed { delay: Duration::from_millis(1) },
//!     budget: Some(BudgetConfig::default().into()),
//!     ..RetryConfig::default()
//! };
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let retry = RetryLayer::new(config, env, shaky);
//! let request = Context::new(Baggage { safe: true, ..Baggage::default() });
//! assert_eq!(retry.call(request).await, Ok("done"));
//! # });
//! ```
//!
//! Elsewhere: Envoy `retry_policy`, `retry_budget` and `max_retries`, Finagle `RetryFilter` and
//! `RetryBudget`, gRPC A6 `retryPolicy` and `retryThrottling`, resilience4j `Retry`, Polly `Retry`,
//! the AWS SDKs' standard mode. Brooker, *Exponential Backoff and Jitter* (AWS, 2015), *Fixing
//! retries with token buckets and circuit breakers* (2022).
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`RetryLayer`] | `retry` | `retry_policy` | `Retry` | `Retry` | A6 `retryPolicy` | `RetryFilter` |
//! | [`Budget::Ratio`] | `retry.budget` | | | | | `RetryBudget` |
//! | [`Budget::Tokens`] | `retry.budget.tokens` | | | | A6 `retryThrottling` | |
//! | [`Budget::Concurrent`] | `retry.budget.concurrent` | `retry_budget`, `max_retries` | | | | |
//! | [`Budget::Aws`] | `retry.budget.aws` | | | | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | retry: the cap of a backoff | resilience4j, Polly, tower and linkerd apply it after the jitter, Finagle drops the jitter there | before the jitter | `the_cap_comes_before_the_jitter`, `a_cap_after_the_jitter_makes_a_herd` |
//! | retry: a base of a second | tower's jitter is cut to whole seconds: there is none | spread over the range | `tower_jitter_is_cut_off_at_whole_seconds`, `a_base_of_a_second_is_jittered_too` |
//! | retry: a ratio of 0.6 or 0.3 | tower and linkerd make it 1 and 1/3 | exact to a millionth | `tower_budget_ratios_are_cut_off_to_whole_requests`, `every_ratio_is_exact` |
//! | retry: an AWS bucket | refills by the wall clock in whole seconds | by what succeeds | `aws_buckets_refill_by_the_wall_clock`, `an_aws_retry_that_succeeds_brings_its_cost_back_and_a_first_try_one` |
//! | retry: a withdrawal that is not used | Finagle leaks it from one of two budgets | is given back | `a_retry_that_is_denied_for_another_reason_is_not_paid_for`, `a_call_dropped_between_two_tries_gives_its_retry_back` |
//! | retry: gRPC throttling | stops while half of the tokens or fewer are left | the same | `tokens_retry_while_more_than_half_is_left` |
//! | retry: Envoy's budget | a share of what is under way | the same, with a least number | `concurrent_retries_are_a_share_of_what_is_under_way` |
//! | retry: near the deadline | others answer "deadline exceeded" | the error there was, and no retry that cannot end in time | `near_the_deadline_the_error_is_the_one_there_was` |
//! | retry: which failures | Envoy `retry_on` lists them, gRPC `retryableStatusCodes`, Polly `ShouldHandle` and resilience4j `retryExceptions` too, all of them without a word on methods | the table of kinds; `on` and `never` change it, and what is not safe to repeat is not repeated by it | `what_makes_another_try_safe_is_not_changed` |
//! | retry: at several layers | all multiply | unless `max_depth` forbids it | `layers_that_all_retry_multiply_unless_depth_forbids_it` |

mod backoff;
mod budget;
mod config;
mod core;
mod layer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::observe::{Count, Happening, Level, Unit};
use crate::policy::Policy;
use crate::sample::{Sample, env};
use crate::terms::terms;

pub use self::backoff::{Backoff, Delays};
pub use self::budget::{
    AwsBudget, AwsConfig, BucketBudget, BucketConfig, Budget, BudgetConfig, ConcurrentBudget,
    ConcurrentConfig, CumulativeBudget, CumulativeConfig, Deposit, End, RatioBudget, RetryBudget,
    TokensBudget, TokensConfig, Trouble, Withdrawal,
};
pub use self::config::RetryConfig;
pub use self::core::{Decision, Facts, Tries};
pub use self::layer::RetryLayer;

terms! { Count:
    /// A retry did what the tries before it did not.
    RETRY_SUCCEEDED = "retry_succeeded", Happening;
}

terms! { Level:
    /// Retries or hedges that the budget would pay for now.
    BUDGET = "budget", Unit::Calls;
}

pub(crate) const POLICY: Policy = Policy {
    name: "retry",
    counts: &[Count::RETRY_SUCCEEDED],
    levels: &[Level::BUDGET],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "retry",
        tight: |world, inner| {
            let (base, max) = (Duration::from_millis(2), Duration::from_millis(8));
            let backoff = Backoff::FullJitter { base, factor: 2.0, max };
            let config = RetryConfig { backoff, ..RetryConfig::default() };
            RetryLayer::new(config, env(world), inner)
        },
        usual: |world, inner| {
            let budget = Some(BudgetConfig::default().into());
            RetryLayer::new(RetryConfig { budget, ..RetryConfig::default() }, env(world), inner)
        },
        shown: ["RetryLayer", "base: 2ms", "budget: None, inner"],
        most: 3,
        ..Sample::PLAIN
    }]
}
