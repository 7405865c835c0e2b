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
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`DeadlineLayer`] | `deadline` | | | | `grpc-timeout` at a server | `DeadlineFilter` |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | deadline: over hops | tonic does not hand it on | outbound calls have that of the inbound one | `an_inbound_deadline_is_that_of_the_outbound_calls`, `an_inbound_deadline_is_on_the_wire_of_the_outbound_call` |

mod config;
mod core;
mod layer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::sample::{Sample, env};
use crate::terms::terms;

pub use self::config::DeadlineConfig;
pub use self::core::expired;
pub use self::layer::DeadlineLayer;

terms! { Layer:
    /// A timeout by it is that of a call whose deadline had passed when it came, so that it was not
    /// sent.
    DEADLINE = "deadline", TimedOut::NotSent;
}

terms! { Reason:
    /// The deadline of the request has passed.
    EXPIRED = "expired", Sense::Expired;
}

pub(crate) const POLICY: Policy =
    Policy { name: "deadline", reasons: &[(Layer::DEADLINE, Reason::EXPIRED)], ..Policy::EMPTY };

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "deadline",
        tight: |world, inner| {
            let millisecond = Duration::from_millis(1);
            let config = DeadlineConfig { min_remaining: millisecond, hop_margin: millisecond };
            DeadlineLayer::new(config, env(world), inner)
        },
        usual: |world, inner| DeadlineLayer::new(DeadlineConfig::default(), env(world), inner),
        shown: ["DeadlineLayer", "hop_margin: 1ms", ""],
        ..Sample::PLAIN
    }]
}
