//! Lets so many calls pass in so much time.
//!
//! A client with a bug, or one tenant of many, can ask for more than its share, and the service
//! has no way to tell until it is overloaded for everybody. A bound on what is under way (a
//! [bulkhead](crate::bulkhead)) is not the answer: fast calls may come a thousand times a second
//! and never be two at once. A rate limit counts calls over time.
//!
//! The obvious counter, `limit` calls in each second, lets through twice as many in a moment: the
//! last of one second and the first of the next lie side by side. The ways to count differ in what
//! they promise, and in what they must remember:
//!
//! | algorithm | at most | remembers |
//! |---|---|---|
//! | [token bucket](Algorithm::TokenBucket) | `rate · t + burst` in any time t | a level |
//! | [GCRA](Algorithm::Gcra) | the same | an instant |
//! | [sliding log](Algorithm::SlidingLog) | `limit` in any window | `limit` instants |
//! | [sliding counter](Algorithm::SlidingCounter) | `limit` in any window if calls come evenly, else at most twice as many | two numbers |
//! | [fixed cycle](Algorithm::FixedCycle) | `limit` in each cycle, `2 · limit` in a window that spans two | a number |
//!
//! All of them count in whole nanoseconds. The rate of a GCRA is rounded, as in governor, so that
//! its interval is a whole number of them: 3 calls a second become one every 333,333,333 ns. That
//! of a token bucket is exact.
//!
//! A call that finds no permit is refused and told when there will be one
//! ([`retry_after`](crate::call::Rejection::retry_after)), or waits for it if that takes at most
//! `max_wait` and ends before its deadline. Who waits has taken his permit already, so nobody
//! overtakes; who is cancelled while he waits gives it back, as far as those behind him do not
//! build on it.
//!
//! | parameter | unit | default | from |
//! |---|---|---|---|
//! | `rate`, `limit` | calls in a time | none | what is protected knows it |
//! | `burst` | calls | none; in the language the calls of one second | governor |
//! | `max_wait` | time | 0 | governor; resilience4j waits 5 s |
//!
//! ```
//! # use std::time::Duration;
//! # use cascadia_patterns::{rate_limit::*, call::*, env::Env};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let echo = call_fn(|_: Context| async { Ok::<_, Failure<()>>("hello") });
//! let rate = Rate { permits: 1, per: Duration::from_secs(60) };
//! let config = RateLimitConfig::new(Algorithm::TokenBucket { rate, burst: 1 });
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let limit = RateLimitLayer::new(config, env, echo);
//! assert_eq!(limit.clone().call(Context::default()).await, Ok("hello"));
//! let Err(Failure::Rejected(rejection)) = limit.call(Context::default()).await else { panic!() };
//! assert_eq!(rejection.reason, Reason::RATE_LIMITED);
//! assert!(rejection.retry_after.unwrap() > Duration::from_secs(50));
//! # });
//! ```
//!
//! Elsewhere: resilience4j `RateLimiter` (fixed cycle), Polly `RateLimiter`, Envoy local rate limit
//! (token bucket), tower `RateLimit` (a cycle that begins with the first call after the last one),
//! governor (GCRA). GCRA is from ITU-T I.371 (1993); it is the token bucket of Turner (1986) as a
//! schedule.

mod config;
mod core;
mod fixed_cycle;
mod gcra;
mod layer;
mod limiter;
#[cfg(test)]
mod samples;
mod sliding_counter;
mod sliding_log;
mod terms;
#[cfg(test)]
mod tests;
mod token_bucket;

pub use self::config::{Algorithm, Rate, RateLimitConfig};
pub use self::core::{Decision, RateLimit, Reservation};
pub use self::layer::RateLimitLayer;
pub(crate) use self::terms::POLICY;
