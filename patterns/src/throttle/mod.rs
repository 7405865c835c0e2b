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
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`ThrottleLayer`] | `throttle` | `admission_control` | | | | `NackAdmissionFilter` |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | throttle: when a request counts | go-zero counts it when it ends, and does not see a server that hangs | when it is sent | `a_call_to_a_server_that_hangs_counts_when_it_is_sent` |
//! | throttle: a server that accepts nothing | Envoy refuses at most 80 %, Finagle 75 % | at most 90 %, so recovery is seen | `a_server_that_accepts_nothing_is_still_probed` |

mod config;
mod core;
mod layer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::observe::Level;
use crate::policy::Policy;
use crate::sample::{Doing, Route, Sample, Watching, env};
use crate::terms::terms;

pub use self::config::ThrottleConfig;
pub use self::core::{Sent, Throttle};
pub use self::layer::ThrottleLayer;

terms! { Layer:
    /// A throttle.
    THROTTLE = "throttle", TimedOut::Waited;
}

terms! { Reason:
    /// Too little of what is sent is accepted.
    THROTTLED = "throttled", Sense::Overload;
}

pub(crate) const POLICY: Policy = Policy {
    name: "throttle",
    reasons: &[(Layer::THROTTLE, Reason::THROTTLED)],
    levels: &[Level::REFUSED],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "throttle",
        tight: |world, inner| throttle(world, inner, Watching::default()),
        usual: |world, inner| ThrottleLayer::new(ThrottleConfig::default(), env(world), inner),
        shown: ["ThrottleLayer", "min_per_second: 0.0", "requests: 1"],
        refuses: Some((Doing::Fail, 30, Layer::THROTTLE, Reason::THROTTLED)),
        watches: Some(throttle),
        counts_calls: true,
        ..Sample::PLAIN
    }]
}

fn throttle<R: Runtime>(world: &R, inner: Route, watching: Watching) -> Route {
    let window = Duration::from_millis(20);
    let config = ThrottleConfig {
        window,
        buckets: 4,
        min_per_second: 0.0,
        count_local: watching.count_local,
        ..ThrottleConfig::default()
    };
    ThrottleLayer::new(config, watching.env(world), inner)
}
