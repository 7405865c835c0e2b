//! Stops sending what would be refused anyway.
//!
//! A server that refuses costs less than one that serves, but not nothing: it must read a request to
//! refuse it. Past some load it does nothing but refuse. The obvious answer, a circuit breaker,
//! knows only all and nothing, so the clients of an overloaded server swing between a full load and
//! none. An adaptive throttle lets each client find, without a word from the server, how much to send:
//! a little more than what is accepted, so that it notices when the server can do more.
//!
//! Over the last two minutes a client counts its *requests*, all that its application asked for, and its
//! *accepts*, those that did their work. It refuses a new request itself with probability
//!
//! ```text
//! p = max(0, (requests − K · accepts) / (requests + 1))
//! ```
//!
//! A server with room accepts everything, so K · accepts exceeds requests and p is 0. Past its capacity the
//! client sends min(what is asked for, K · what is accepted): with K = 2 the server refuses one request
//! for each that it accepts, with K = 1.1 one for ten.
//!
//! - *A request counts when it is asked for*, not when it ends; otherwise calls to a server that
//!   hangs are not there. What the throttle itself refuses counts as well, so that p follows what
//!   the application wants. A call that is dropped says nothing and is taken back.
//! - *The window must be longer than a call*: until the first answers come there are requests and no
//!   accepts. Below `min_per_second` nothing is refused, which also covers the beginning.
//! - *p has a cap.* A client that refuses everything learns nothing more, and a server that is back is
//!   never found.
//! - *What the classifier calls a failure is no accept.* Where an error of the application is an answer
//!   like any other, a [`Classify`](crate::call::Classify) says so.
//!
//! | parameter | default | from |
//! |---|---|---|
//! | `window`, `buckets` | 2 min, 120 | SRE book; Finagle 2 min |
//! | `k` | 2 | SRE book |
//! | `max_refused` | 0.9 | ours; Finagle 0.75 |
//! | `min_per_second` | 5 | Finagle |
//!
//! ```
//! # use cascadia_patterns::{call::*, env::Env, throttle::*};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let down = call_fn(|_: Context| async { Err::<(), _>(Failure::Service("down")) });
//! let config = ThrottleConfig { min_per_second: 0.0, ..ThrottleConfig::default() };
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let throttle = ThrottleLayer::new(config, env, down);
//! for _ in 0..100 {
//!     let _ = throttle.clone().call(Context::default()).await;
//! }
//! assert_eq!(throttle.refused(), 0.9);
//! # });
//! ```
//!
//! | elsewhere | K | window | differs |
//! |---|---|---|---|
//! | Google SRE book, chapter 21 | 2 | 2 min | no cap, no least rate |
//! | Envoy `admission_control` | 1 / 0.95 | 30 s | p to the power of 1 / aggression, at most 0.8 |
//! | Finagle `NackAdmissionFilter` | | 2 min, a moving average | refuses once half is nacked, at most 0.75, from 5 a second on |
//! | go-zero `breaker` | 1.5 | 10 s | counts a call when it ends; 5 requests are free |
//!
//! Reference: Beyer and others, *Site Reliability Engineering* (2016), chapter 21, "Handling Overload".

mod config;
mod core;
mod layer;
#[cfg(test)]
mod samples;
mod terms;
#[cfg(test)]
mod tests;

pub use self::config::ThrottleConfig;
pub use self::core::{Sent, Throttle};
pub use self::layer::ThrottleLayer;
pub(crate) use self::terms::POLICY;
