//! Stops calling what fails, and finds out when it works again.
//!
//! A service that fails slowly takes its callers along: each call waits for its timeout, and each
//! retry adds load to what already has too much. The obvious answer, to count failures and stop,
//! leaves three questions that most of the bugs in circuit breakers are answers to:
//!
//! - *Which failures?* Those in a [`Window`] that really slides. A counter since the beginning
//!   needs a million failures to outweigh a million successes.
//! - *Whose outcome is this?* Every permit carries the generation it was given in. A call that was
//!   admitted before the circuit opened and fails a minute later says nothing about the probe of
//!   now; it is counted as late and moves nothing.
//! - *What if nobody answers?* A call that is dropped gives its permit back, to its own generation
//!   only, and is no success. A probe that hangs does not hold the circuit half-open for ever.
//!
//! ```text
//! CLOSED ── rate or consecutive failures ──> OPEN until now + wait, wait × factor
//! OPEN ── first call at or after `until` ──> HALF-OPEN with n probes
//! HALF-OPEN ── probes say yes ──> CLOSED, window cleared, first wait again
//!           ── probes say no, or too long ──> OPEN
//! ```
//!
//! Waits end lazily: no timer runs, the next call at or after the instant makes the transition.
//! By hand the circuit can be forced open, disabled, or made to count only ([`Manual`]), from the
//! beginning ([`BreakerConfig::mode`]) or later ([`BreakerLayer::force`]). A circuit that counts only
//! reports when it would have opened ([`Count::WOULD_OPEN`](crate::observe::Count::WOULD_OPEN)): a
//! breaker can be tried on live traffic before it may refuse anything.
//!
//! A call that hangs and is dropped by a layer outside says nothing, so a [timeout](crate::timeout)
//! belongs inside the breaker, where its end is a failure.
//!
//! A refusal for overload (HTTP 429, `RESOURCE_EXHAUSTED`) counts in the rate and fails a probe,
//! and leaves the run of consecutive failures as it is: such a server is alive (linkerd).
//!
//! ```
//! # use cascadia_patterns::{breaker::*, call::*, env::Env};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let broken = call_fn(|_: Context| async { Err::<(), _>(Failure::Service("down")) });
//! let config = BreakerConfig { consecutive: Some(2), ..BreakerConfig::default() };
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let breaker = BreakerLayer::new(config, env, broken);
//! for _ in 0..2 {
//!     assert_eq!(breaker.clone().call(Context::default()).await, Err(Failure::Service("down")));
//! }
//! let Err(Failure::Rejected(rejection)) = breaker.call(Context::default()).await else { panic!() };
//! assert_eq!(rejection.reason, Reason::OPEN);
//! # });
//! ```
//!
//! | elsewhere | opens | stays open | probes |
//! |---|---|---|---|
//! | resilience4j `CircuitBreaker` | at 50 % of the last 100 calls, or seconds | 60 s, or a function of the attempt | 10, judged by their rate; a deadline if one is set |
//! | Polly | at 10 % of 30 s, from 100 calls on | 5 s, or a function of the attempt | 1 |
//! | Hystrix | at 50 % of 10 s, from 20 calls on | 5 s | 1 |
//! | sony/gobreaker | after more than 5 failures in a row | 60 s | 1; generations, as here |
//! | Finagle `FailureAccrual` | at 80 % success of 30 s, or 5 in a row, each endpoint by itself | 5 s to 300 s, equal jitter | 1 |
//! | Envoy, gRPC A50 | [`outlier`](crate::outlier) detection ejects instead of refusing | | |
//!
//! [`document`] is the breaker of most introductions, as a warning. The name is from Nygard,
//! *Release It!* (2007).

mod config;
mod core;
pub mod document;
mod layer;
mod open;
mod probes;
#[cfg(test)]
mod samples;
mod state;
mod terms;
#[cfg(test)]
mod tests;
mod window;

pub use self::config::{BreakerConfig, HalfOpen, Reopen, Slow, Stuck, Window};
pub use self::core::{Breaker, Permit};
pub use self::layer::BreakerLayer;
pub use self::open::{Jitter, OpenWait};
pub use self::state::{Manual, Snapshot, Transition};
pub(crate) use self::terms::POLICY;
