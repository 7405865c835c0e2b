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
//! - *Not too many.* A [`RetryBudget`] bounds the retries to a share of the requests, whatever
//!   number of tries each of them is allowed.
//! - *Not too late.* A retry that could not end before the deadline is not made; the caller gets
//!   the error there was, and the budget is left alone.
//! - *Not before the server wants it, and not all at once then.* A rejection's `retry_after` is
//!   waited for besides the backoff, whose jitter spreads those who wait for the same instant.
//!   Longer than the backoff ever is, it ends the call instead: a breaker that stays open for
//!   seconds would else gather the requests of those seconds and let them loose when it closes.
//!
//! One instance has one budget: the calls that share a layer share it. Each try carries its number
//! in [`Context::attempt`](crate::call::Context::attempt).
//!
//! ```
//! # use std::time::Duration;
//! # use cascadia_patterns::{call::*, env::Env, retry::*};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let shaky = call_fn(|request: Context| async move {
//!     if request.attempt < 2 { Err(Failure::Service("not yet")) } else { Ok("done") }
//! });
//! let config = RetryConfig {
//!     backoff: Backoff::Fixed { delay: Duration::from_millis(1) },
//!     budget: Some(BudgetConfig::default()),
//!     ..RetryConfig::default()
//! };
//! let retry = RetryLayer::new(config, Env::new(TokioWorld::new(), Stream::from_seed(1)), shaky);
//! let request = Context { safe: true, ..Context::default() };
//! assert_eq!(retry.call(request).await, Ok("done"));
//! # });
//! ```
//!
//! Elsewhere: Envoy `retry_policy` and `retry_budget`, Finagle `RetryFilter` and `RetryBudget`,
//! gRPC A6, resilience4j `Retry`. Brooker, *Exponential Backoff and Jitter* (AWS, 2015).

mod backoff;
mod budget;
mod config;
mod core;
mod layer;
#[cfg(test)]
mod tests;

pub use self::backoff::{Backoff, Delays};
pub use self::budget::{BudgetConfig, RatioBudget, RetryBudget};
pub use self::config::RetryConfig;
pub use self::core::{Decision, Facts, Tries};
pub use self::layer::RetryLayer;
