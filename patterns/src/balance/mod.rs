//! Chooses which of several endpoints serves a call.
//!
//! Sending to each in turn balances the number of calls and not the work: an endpoint that turned
//! slow gets its full share until it holds most of what is under way. Sending to the one with
//! the least under way reacts at once, but needs a look at all of them, and clients that look at
//! the same moment all see the same one. The better of two drawn at random is nearly as good as
//! the best of all (Mitzenmacher 2001) and does not herd.
//!
//! | [`BalanceKind`] | picks | elsewhere |
//! |---|---|---|
//! | [`RoundRobin`] | each in turn, from a random start | gRPC `round_robin`, Envoy `ROUND_ROBIN` |
//! | [`Random`] | any | Envoy `RANDOM` |
//! | [`LeastConnections`] | the fewest under way, ties at random | Envoy `LEAST_REQUEST` with `FULL_SCAN` |
//! | [`P2c`] | the better of two distinct ones | Finagle `p2c`, linkerd, tower |
//!
//! Nobody is chosen without being asked: an endpoint whose breaker is open or takes no more probes
//! rests, and is chosen only where all rest. Then it is the one that is back first, so that what
//! the caller is told to wait is right.
//!
//! A further copy of a hedged call ([`Apart`](crate::call::Apart)) goes to an endpoint that no other
//! copy was sent to and that does not rest; where there is none, it is refused. A retry
//! ([`Tried`](crate::call::Tried)) goes where the call has not been yet, if it can.
//!
//! The [endpoints](crate::endpoints) are a set with members that come and go
//! ([`BalanceLayer::change`]). Who joins is chosen from then on, by every rule; who leaves ends what it
//! has. Where nobody is left, calls are refused.
//!
//! "Under way" is what this layer itself has sent and not seen end; a dropped call has ended.
//!
//! ```
//! # use cascadia_patterns::{balance::*, call::*, env::Env};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let replica = |n: u32| call_fn(move |_: Context| async move { Ok::<_, Failure<()>>(n) });
//! let config = BalanceConfig { kind: BalanceKind::RoundRobin };
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let balance = BalanceLayer::new(config, env, vec![replica(0), replica(1)]);
//! let first = balance.clone().call(Context::default()).await.unwrap();
//! let second = balance.call(Context::default()).await.unwrap();
//! assert_eq!(first + second, 1);
//! # });
//! ```
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`BalanceLayer`] | `balance` | `lb_policy` | | | `round_robin` | `Balancers` |
//! | [`EndpointSet`](crate::endpoints::EndpointSet) | | EDS, its host sets | | | resolver, subchannels | `Var[Addr]` |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | balance: an endpoint that refuses at once | looks idle to least connections | rests while its circuit is open | `an_open_breaker_does_not_make_an_endpoint_look_idle` |
//! | endpoints: a call to one that leaves | | ends as it would have, booked on its own | `the_end_of_a_call_is_booked_on_its_endpoint_and_not_on_who_took_its_place` |
//! | retry and hedge: endpoints that come and go meanwhile | | a call knows by key where it was | `a_retry_knows_by_name_where_it_was_though_endpoints_leave_and_join`, `a_copy_is_kept_from_the_endpoint_of_another_by_name_though_endpoints_leave_and_join` |

mod config;
mod core;
mod layer;
mod least_connections;
mod p2c;
mod random;
mod round_robin;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use cascadia_runtime::Runtime;

use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::sample::{Sample, env};
use crate::terms::terms;

pub use self::config::{BalanceConfig, BalanceKind};
pub use self::core::{Asked, Balancer, Chooser, Wish};
pub use self::layer::BalanceLayer;
pub(crate) use self::layer::Picked;
pub use self::least_connections::LeastConnections;
pub use self::p2c::P2c;
pub use self::random::Random;
pub use self::round_robin::RoundRobin;

terms! { Layer:
    /// A balancer.
    BALANCE = "balance", TimedOut::Waited;
}

terms! { Reason:
    /// There is no endpoint to send to.
    NO_ENDPOINT = "no_endpoint", Sense::Overload;
}

pub(crate) const POLICY: Policy =
    Policy { name: "balance", reasons: &[(Layer::BALANCE, Reason::NO_ENDPOINT)], ..Policy::EMPTY };

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "balance",
        tight: |world, inner| {
            let endpoints = vec![Arc::clone(&inner), inner];
            BalanceLayer::new(BalanceConfig::default(), env(world), endpoints)
        },
        usual: |world, inner| {
            let endpoints = vec![Arc::clone(&inner), Arc::clone(&inner), inner];
            BalanceLayer::new(BalanceConfig { kind: BalanceKind::P2c }, env(world), endpoints)
        },
        shown: ["BalanceLayer", "RoundRobin", "outstanding: 1"],
        ..Sample::PLAIN
    }]
}
