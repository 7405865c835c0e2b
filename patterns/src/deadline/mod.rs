//! Refuses work that nobody waits for any more.
//!
//! An overloaded server has a long queue, and a caller gives up while its request stands in it.
//! First in, first out then serves the requests in the order in which they became worthless: the
//! server is busy all the time and nobody gets an answer in time. Shorter queues help a little.
//! What helps is to look at the deadline that came with the request: on arrival, and, where most
//! is to be gained, again when it leaves the queue.
//!
//! The layer is the check on arrival; [`check_again`](DeadlineLayer::check_again) is for a server to
//! call when it takes a request from its queue, and [`expired`] for whoever has no layer. At the
//! deadline itself a request is still on time.
//!
//! Calls on behalf of a request carry its deadline on; a server that forgets it, as tonic does, has
//! those behind it work for callers that have gone. The answer has a way back to go as well, so the
//! layer can bring the deadline forward by a margin for each hop.
//!
//! ```
//! # use cascadia_patterns::{call::*, deadline::*, env::Env};
//! # use cascadia_runtime::{Stream, Time, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let server = call_fn(|_: Context| async { Ok::<_, Failure<()>>("done") });
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let guarded = DeadlineLayer::new(DeadlineConfig::default(), env, server);
//! let late = Context::new(Baggage { deadline: Some(Time::ZERO), ..Baggage::default() });
//! let Err(Failure::Rejected(rejection)) = guarded.call(late).await else { panic!() };
//! assert_eq!(rejection.reason, Reason::EXPIRED);
//! # });
//! ```
//!
//! Elsewhere: the `grpc-timeout` header as a gRPC server honours it, and Finagle `DeadlineFilter`, which
//! refuses at most a fifth of the requests, for the clocks of clients may be wrong. Here a deadline
//! travels as the time that is left, which no clock can spoil.
//! Dean & Barroso, *The Tail at Scale* (2013), argue for carrying deadlines over every hop.

mod config;
mod core;
mod layer;
#[cfg(test)]
mod samples;
mod terms;
#[cfg(test)]
mod tests;

pub use self::config::DeadlineConfig;
pub use self::core::expired;
pub use self::layer::DeadlineLayer;
pub(crate) use self::terms::POLICY;
