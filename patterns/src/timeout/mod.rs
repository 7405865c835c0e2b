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
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`TimeoutLayer`] | `timeout` | `timeout`, `per_try_timeout` | `TimeLimiter` | `Timeout` | deadline | `TimeoutFilter` |
//! | [`dial_within`], [`Timed`] | `timeout.connect`, `timeout.read` | `connect_timeout`, `stream_idle_timeout` | | | | `connectTimeout`, `readTimeout` |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | timeout: response and timeout at the same instant | whichever the runtime sees first | the response | `a_response_exactly_at_the_deadline_wins` |

mod config;
mod connection;
mod layer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::{Layer, TimedOut};
use crate::policy::Policy;
use crate::sample::{Route, Sample, env};
use crate::terms::terms;

pub use self::config::TimeoutConfig;
pub use self::connection::{Timed, dial_within};
pub use self::layer::TimeoutLayer;
pub use crate::sync::before;

terms! { Layer:
    /// It stopped waiting.
    TIMEOUT = "timeout", TimedOut::Waited;
    /// The connection was not accepted in time, or nothing came over it for too long.
    CONNECTION = "connection", TimedOut::Waited;
}

pub(crate) const POLICY: Policy = Policy { name: "timeout", ..Policy::EMPTY };

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "timeout",
        tight: |world, inner| timeout(Duration::from_millis(40), world, inner),
        usual: |world, inner| timeout(Duration::from_secs(3_600), world, inner),
        shown: ["TimeoutLayer", "after: 40ms", ""],
        ..Sample::PLAIN
    }]
}

fn timeout<R: Runtime>(after: Duration, world: &R, inner: Route) -> Route {
    TimeoutLayer::new(TimeoutConfig { after }, env(world), inner)
}
