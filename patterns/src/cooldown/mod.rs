//! Leaves alone for a while what has just failed.
//!
//! Some failures last. A name that does not resolve, a host that is down, a query that its database
//! gives up after 10 s: who asks again a millisecond later is told the same, waits for it as long, and
//! costs as much. At 500 calls a second for one broken key, each of which holds its worker for 200 ms,
//! 100 workers do nothing else, and what works suffers with what does not. Caches keep answers and
//! forget failures, so that exactly what cannot be answered is asked for over and over.
//!
//! Here a failure is kept for `pause`, as a negative cache does: until then a call with the same key is
//! refused at once, and told how long that lasts.
//!
//! - *One failure is enough.* There is no rate and no run to be filled, hence nothing to be learned
//!   about a key that is called once a minute. Where single failures are chance, this refuses what
//!   would have worked, and a [`breaker`](crate::breaker) is what is wanted.
//! - *There are no probes.* When the pause is over, whoever comes is sent, and all are until one of them
//!   has failed. A [`singleflight`](crate::singleflight) inside makes them one.
//! - *A pause is counted from the failure that was told last.* Calls that were under way when it began
//!   fail during it, and each is a failure from which nothing is sent for a pause. Their successes end
//!   no pause: they were sent before what is known now. Nor can they keep it going for ever, as
//!   nothing else is sent meanwhile.
//! - *A call that hangs and is dropped by a layer outside says nothing*, so a timeout belongs inside,
//!   where its end is a failure.
//! - *A retry around it* waits out the pause where it may wait so long; where it may not, the call
//!   ends with the refusal, and what had failed is not told. A retry inside uses up its tries before
//!   anything is kept.
//! - *A balancer around it* leaves an endpoint alone where all calls rest ([`CooldownLayer::new`]).
//!   It asks an endpoint and not for a key, so one that refuses a few keys at once
//!   ([`CooldownLayer::keyed`]) looks idle, and attracts what it will refuse: put that outside.
//!
//! Failures of `max_keys` are kept, in a table that is looked through when one is added. Of one more,
//! the pause that ends first is given up, and some calls are sent early: what is bounded is the memory,
//! and no call is refused for a key that has not failed.
//!
//! | parameter | unit | default | from |
//! |---|---|---|---|
//! | `pause` | time | 10 s | nginx `fail_timeout`, Java `networkaddress.cache.negative.ttl` |
//! | `max_keys` | keys | 1,000 | ours, as of a bulkhead by key |
//!
//! ```
//! # use cascadia_patterns::{call::*, cooldown::*, env::Env};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let down = call_fn(|_: Context| async { Err::<(), _>(Failure::Service("down")) });
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let key = Box::new(|request: &Context| request.baggage.priority.into());
//! let layer = CooldownLayer::keyed(CooldownConfig::default(), key, env, down);
//! let of = |priority| Context::new(Baggage { priority, ..Baggage::default() });
//! assert_eq!(layer.clone().call(of(1)).await, Err(Failure::Service("down")));
//! let Err(Failure::Rejected(rejection)) = layer.clone().call(of(1)).await else { panic!() };
//! assert_eq!(rejection.reason, Reason::KEY_COOLING);
//! assert!(rejection.retry_after <= Some(CooldownConfig::default().pause));
//! assert_eq!(layer.call(of(2)).await, Err(Failure::Service("down")), "another key is sent");
//! # });
//! ```
//!
//! | others | keep | for | differ |
//! |---|---|---|---|
//! | nginx `max_fails`, `fail_timeout` | a server of an upstream | 10 s | a server alone never rests |
//! | Java `InetAddress` | a name that does not resolve | 10 s | the failure itself is the answer |
//! | BIND `servfail-ttl` | a query that failed | 1 s | the failure itself is the answer |
//! | RFC 9520 | a query that failed | at least 1 s, at most 5 min | wants longer pauses for what keeps failing |
//! | Caddy `fail_duration` | an upstream | 0 s | counts failures up to `max_fails`, 1 |
//!
//! Reference: Wessels and others, *Negative Caching of DNS Resolution Failures*, RFC 9520 (2023).
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`CooldownLayer`] | `cooldown` | | | | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | cooldown: one server alone | nginx never lets it rest | rests | `a_lone_server_rests_too_and_says_until_when` |
//! | cooldown: what a refused call is told | caches of resolvers answer with the failure they keep | a refusal of its own, with the time to wait | `a_failure_goes_through_and_what_follows_is_refused_until_the_pause_is_over` |

mod config;
mod core;
mod layer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::{Context, Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::sample::{Doing, Route, Sample, Watching, env};
use crate::terms::terms;

pub use self::config::CooldownConfig;
pub use self::core::Cooldown;
pub use self::layer::CooldownLayer;

terms! { Layer:
    /// A cooldown.
    COOLDOWN = "cooldown", TimedOut::Waited;
}

terms! { Reason:
    /// A call has failed a short while ago.
    COOLING = "cooling", Sense::ShortCircuit { rests: true };
    /// A call with the same key has failed a short while ago.
    KEY_COOLING = "key_cooling", Sense::ShortCircuit { rests: false };
}

pub(crate) const POLICY: Policy = Policy {
    name: "cooldown",
    reasons: &[(Layer::COOLDOWN, Reason::COOLING), (Layer::COOLDOWN, Reason::KEY_COOLING)],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let shown = ["CooldownLayer", "pause: 5ms", "pauses: []"];
    vec![
        Sample {
            name: "cooldown",
            tight: |world, inner| cooldown(world, inner, Watching::default()),
            usual: |world, inner| CooldownLayer::new(CooldownConfig::default(), env(world), inner),
            shown,
            refuses: Some((Doing::Fail, 2, Layer::COOLDOWN, Reason::COOLING)),
            watches: Some(cooldown),
            ..Sample::PLAIN
        },
        Sample {
            name: "cooldown by key",
            tight: |world, inner| keyed(world, inner, Watching::default()),
            usual: |world, inner| {
                CooldownLayer::keyed(CooldownConfig::default(), Box::new(key), env(world), inner)
            },
            shown,
            refuses: Some((Doing::Fail, 2, Layer::COOLDOWN, Reason::KEY_COOLING)),
            watches: Some(keyed),
            ..Sample::PLAIN
        },
    ]
}

fn tight(count_local: bool) -> CooldownConfig {
    CooldownConfig { pause: Duration::from_millis(5), max_keys: 2, count_local }
}

fn cooldown<R: Runtime>(world: &R, inner: Route, watching: Watching) -> Route {
    CooldownLayer::new(tight(watching.count_local), watching.env(world), inner)
}

fn keyed<R: Runtime>(world: &R, inner: Route, watching: Watching) -> Route {
    CooldownLayer::keyed(tight(watching.count_local), Box::new(key), watching.env(world), inner)
}

fn key(request: &Context) -> u64 {
    request.baggage.priority.into()
}
