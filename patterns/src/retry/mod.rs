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

mod backoff;
mod budget;
mod config;
mod core;
mod layer;
#[cfg(test)]
mod samples;
mod terms;
#[cfg(test)]
mod tests;

pub use self::backoff::{Backoff, Delays};
pub use self::budget::{
    AwsBudget, AwsConfig, BucketBudget, BucketConfig, Budget, BudgetConfig, ConcurrentBudget,
    ConcurrentConfig, CumulativeBudget, CumulativeConfig, Deposit, End, RatioBudget, RetryBudget,
    TokensBudget, TokensConfig, Trouble, Withdrawal,
};
pub use self::config::RetryConfig;
pub use self::core::{Decision, Facts, Tries};
pub use self::layer::RetryLayer;
pub(crate) use self::terms::POLICY;
