//! Stops waiting, and tells everybody below when.
//!
//! A call without a bound holds its caller's memory, its permit and its user for as long as the
//! slowest server pleases. The obvious answer, a timer at each hop, makes it worse in one way: the
//! server behind the third hop works on for a caller who left at the first. A timeout therefore
//! also writes its deadline into the [`Context`](crate::call::Context), where it is only ever
//! brought forward: every hop sees the nearest deadline above it, waits no longer than that, and
//! can refuse work that nobody waits for ([`deadline`](crate::deadline)).
//!
//! The work is dropped at the deadline; that is its cancellation. A response that arrives exactly
//! at the deadline wins. A call whose deadline has passed before it begins is not begun.
//!
//! Where it stands in a stack says what it bounds. Outside a retry it bounds the whole call, waits
//! between tries included. Inside, it bounds each try, to the time that is left if that is less;
//! the last try may be allowed all of it
//! ([`last_takes_rest`](crate::retry::RetryConfig::last_takes_rest)), as it has nothing to leave
//! time for.
//!
//! A layer bounds calls. What is below a call is bounded where it is made: [`dial_within`] gives up
//! a connection that is not accepted in time, for a machine that is gone is known to be gone long
//! before a call may be slow, and [`Timed`] one that is silent for too long, however long the answer
//! that comes over it.
//!
//! A permit of a bulkhead, whether around the timeout or inside it, is released when the caller
//! stops waiting, not when the server stops working, of which the caller knows nothing: a limit on
//! calls is not a limit on work. The server's own inbound bulkhead is one.
//!
//! ```
//! # use std::{future::pending, time::Duration};
//! # use cascadia_patterns::{call::*, env::Env, timeout::*};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let hung = call_fn(|_: Context| pending::<Outcome<(), ()>>());
//! let config = TimeoutConfig { after: Duration::from_millis(5) };
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let bounded = TimeoutLayer::new(config, env, hung);
//! assert_eq!(bounded.call(Context::default()).await, Err(Failure::TimedOut(Layer::TIMEOUT)));
//! # });
//! ```
//!
//! Elsewhere: Envoy `timeout` and `per_try_timeout`, Finagle `TimeoutFilter`, gRPC deadlines,
//! resilience4j `TimeLimiter`, Polly `Timeout`, Hystrix' thread timeout.

mod config;
mod connection;
mod layer;
#[cfg(test)]
mod samples;
mod terms;
#[cfg(test)]
mod tests;

pub use self::config::TimeoutConfig;
pub use self::connection::{Timed, dial_within};
pub use self::layer::TimeoutLayer;
pub(crate) use self::terms::POLICY;
pub use crate::sync::before;
