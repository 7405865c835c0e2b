//! Asks once what many want to know at the same time.
//!
//! When a popular entry of a cache expires, every request that would have found it goes to the
//! database instead, and all of them ask it for the same: at 2,000 requests a second and a query
//! of 200 ms, 400 equal queries are under way before the first has an answer. The database slows
//! down, so that more come before it answers, and what one query would have mended takes it down.
//! Here the first call for a key is made, and those that come while it is under way wait for its
//! answer.
//!
//! - *Who flies.* Whoever has waited longest drives the call that all wait for. When the first is
//!   dropped, the next goes on with the same call where it stands, and nothing begins anew. Only
//!   when all have left is it dropped.
//! - *What is shared.* The answer, whatever it is, with those who wait for it: an error too, but
//!   nobody who comes later gets it, as nothing is kept. What tells of the first caller alone, that
//!   its deadline has passed, is not shared with those who have more time: the first of them makes
//!   another call. A panic ends the call for who drives it; the others make another.
//! - *Who is apart.* A request that is not [safe](crate::call::Baggage::safe) is made for its effect,
//!   so that it is sent for itself. Two requests may share an answer only if nothing in them could
//!   make it another one: their user, if the answer depends on the user, belongs into the key.
//! - *When it hangs.* A call that has been under way for `max_age` is not waited for by anybody who
//!   comes then: that one makes another call, which is the one that is waited for from then on.
//!
//! Each waits for as long as it wants: a [`timeout`](crate::timeout) around this ends the wait of
//! one, a timeout inside ends the call of all. The copies of a [`hedge`](crate::hedge) around it are
//! one call; put the hedge inside.
//!
//! ```
//! # use std::sync::atomic::{AtomicU32, Ordering};
//! # use cascadia_patterns::{call::*, env::Env, singleflight::*};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! static QUERIES: AtomicU32 = AtomicU32::new(0);
//! let database = call_fn(|_: Context| async {
//!     tokio::task::yield_now().await;
//!     Ok::<_, Failure<()>>(QUERIES.fetch_add(1, Ordering::Relaxed))
//! });
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let config = SingleflightConfig::default();
//! let layer = SingleflightLayer::new(config, Box::new(|_: &Context| 1), env, database);
//! let request = Context::new(Baggage { safe: true, ..Baggage::default() });
//! let calls = [layer.clone().call(request.clone()), layer.call(request)];
//! let answers = calls.map(tokio::spawn);
//! for answer in answers {
//!     assert_eq!(answer.await.unwrap(), Ok(0));
//! }
//! # });
//! ```
//!
//! | parameter | unit | default | from |
//! |---|---|---|---|
//! | `max_age` | time | 5 s | nginx `proxy_cache_lock_age` |
//!
//! Elsewhere, and where it differs:
//!
//! | | |
//! |---|---|
//! | Go `singleflight` | the call belongs to the first caller and so does its context: cancelled, it fails for all; an entry that hangs is waited for until somebody calls `Forget`; a panic is everybody's |
//! | nginx `proxy_cache_lock` | only answers that can be cached are shared; who has waited for 5 s asks for itself, and its answer is not kept |
//!
//! The name is that of Go's package `golang.org/x/sync/singleflight`, which came from groupcache.
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`SingleflightLayer`] | `singleflight` | | | | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | singleflight: the first caller leaves | Go's fails for all with its context | the next goes on with the same call | `when_the_first_leaves_the_next_goes_on_with_the_same_call` |
//! | singleflight: a call that hangs | Go's holds all who come until somebody calls `Forget` | nobody joins a call that is too old, as with nginx | `whoever_comes_long_after_a_call_that_hangs_does_not_wait_for_it` |
//! | singleflight: the deadline of the first | is that of all | who has more time makes another call | `who_has_more_time_than_the_first_does_not_time_out_with_it` |

mod config;
mod core;
mod flight;
mod layer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::Context;
use crate::observe::{Count, Happening};
use crate::policy::Policy;
use crate::sample::{Route, Sample, env};
use crate::terms::terms;

pub use self::config::SingleflightConfig;
pub use self::core::{Boarding, Singleflight};
pub use self::layer::SingleflightLayer;

terms! { Count:
    /// A call waited for the answer of one that was under way.
    SHARED = "shared", Happening;
    /// Whoever had made a call left, and one that waited for it went on with it.
    TAKEN_OVER = "taken_over", Happening;
}

pub(crate) const POLICY: Policy =
    Policy { name: "singleflight", counts: &[Count::SHARED, Count::TAKEN_OVER], ..Policy::EMPTY };

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "singleflight",
        tight: |world, inner| {
            let config = SingleflightConfig { max_age: Duration::from_millis(30) };
            singleflight(config, world, inner)
        },
        usual: |world, inner| singleflight(SingleflightConfig::default(), world, inner),
        shown: ["SingleflightLayer", "max_age: 30ms", "flights: 1"],
        ..Sample::PLAIN
    }]
}

fn singleflight<R: Runtime>(config: SingleflightConfig, world: &R, inner: Route) -> Route {
    let key = Box::new(|request: &Context| request.baggage.depth.into());
    SingleflightLayer::new(config, key, env(world), inner)
}
