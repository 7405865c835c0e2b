//! Bounds how much may be under way at once.
//!
//! When a dependency turns slow, the calls to it pile up until they hold every thread, connection
//! and byte of the caller, and what had nothing to do with the dependency goes down as well. A
//! timeout alone does not help: at 1,000 calls per second and a timeout of 2 s, 2,000 calls are
//! under way. A bulkhead gives the dependency a compartment of its own, `limit` calls, and refuses
//! the rest at once or after a bounded wait.
//!
//! Waiters are served in the order in which they came. One that is cancelled leaves the queue
//! where it stands and takes no permit along. The permit belongs to the call: it comes back when
//! the call ends, is dropped or panics. Work that goes on elsewhere after that, on a server that
//! does not notice, no longer counts.
//!
//! ```
//! # use std::future::pending;
//! # use cascadia_patterns::{bulkhead::*, call::*, env::Env};
//! # use cascadia_runtime::{Runtime, Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let hung = call_fn(|_: Context| pending::<Outcome<(), ()>>());
//! let config = BulkheadConfig { limit: 1, ..BulkheadConfig::default() };
//! let world = TokioWorld::new();
//! let bulkhead = BulkheadLayer::new(config, Env::new(world, Stream::from_entropy()), hung);
//! let first = bulkhead.clone().call(Context::default());
//! world.spawn(async { first.await.unwrap() });
//! tokio::task::yield_now().await;
//! let Err(Failure::Rejected(rejection)) = bulkhead.call(Context::default()).await else { panic!() };
//! assert_eq!(rejection.reason, Reason::FULL);
//! # });
//! ```
//!
//! Two more kinds of compartment:
//!
//! - A [pool](PoolConfig) has threads and a queue. By the rule of Java a call starts a thread while
//!   there are fewer than `core`, else it waits, and only when the queue is full starts another, up
//!   to `max`. So a pool of 10 to 50 with a queue of 1,000 has 10 threads until a thousand calls
//!   wait, and who comes then overtakes all of them. A thread beyond the core ends when it has
//!   idled for `keepalive`; until then it takes calls that would otherwise wait.
//! - A [keyed](KeyedBulkheadConfig) bulkhead has a compartment for each tenant, endpoint or
//!   whatever a request names, so that one of them cannot take everything. Compartments that are in
//!   use are never given up for a new key: a call of one key too many is refused.
//!
//! | | parameter | unit | default | from |
//! |---|---|---|---|---|
//! | semaphore | `limit` | calls | 25 | resilience4j |
//! | | `max_wait` | time | 0 | resilience4j |
//! | | `max_waiting` | calls | any number | |
//! | pool | `core`, `max` | threads | 10, 10 | Hystrix |
//! | | `queue` | calls | 100 | resilience4j |
//! | | `keepalive` | time | 1 min | Hystrix |
//! | | `max_wait` | time | for ever | Hystrix, resilience4j |
//! | keyed | `max_keys` | keys | 1,000 | ours |
//!
//! Elsewhere: resilience4j `SemaphoreBulkhead` and `ThreadPoolBulkhead`, Hystrix thread pools, Envoy `circuit_breakers.max_requests` and
//! `max_pending_requests`, Finagle `RequestSemaphoreFilter`, gRPC `max_concurrent_streams`.
//! The name is from Nygard, *Release It!* (2007).
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`BulkheadLayer::new`] | `bulkhead` | `circuit_breakers.max_requests` | `SemaphoreBulkhead` | `ConcurrencyLimiter` | `max_concurrent_streams` | `RequestSemaphoreFilter` |
//! | [`BulkheadLayer::pool`] | `thread_pool` | | `ThreadPoolBulkhead` | | | |
//! | [`BulkheadLayer::keyed`] | `bulkhead.per` | | | `PartitionedRateLimiter` | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | bulkhead: a waiter that leaves | | is out of the queue at once, and its permit goes to the next | `a_granted_waiter_that_is_dropped_before_it_runs_hands_its_permit_on` |
//! | thread pool: a full queue | Java grows to the maximum after the queue is full, so the last may overtake | the same | `who_finds_the_queue_full_overtakes_it` |
//! | bulkhead by key | an idle key that is evicted can take its count along | a key in use is never evicted | `a_key_in_use_is_not_forgotten` |

mod compartments;
mod config;
mod core;
mod idle;
mod keyed;
mod layer;
mod line;
mod pool;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::{Context, Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::sample::{Doing, Route, Sample, env};
use crate::terms::terms;

pub use self::config::{BulkheadConfig, KeyedBulkheadConfig, PoolConfig};
pub use self::core::{Admission, Bulkhead};
pub use self::keyed::KeyedBulkhead;
pub use self::layer::{BulkheadLayer, KeyOf};
pub use self::pool::Pool;
pub use crate::gate::Ticket;

terms! { Layer:
    /// A bulkhead.
    BULKHEAD = "bulkhead", TimedOut::Waited;
}

terms! { Reason:
    /// A permit was waited for too long.
    WAITED_TOO_LONG = "waited_too_long", Sense::Overload;
}

pub(crate) const POLICY: Policy = Policy {
    name: "bulkhead",
    files: Some(&["bulkhead", "thread_pool"]),
    reasons: &[(Layer::BULKHEAD, Reason::FULL), (Layer::BULKHEAD, Reason::WAITED_TOO_LONG)],
    ..Policy::EMPTY
};

const ONE: BulkheadConfig =
    BulkheadConfig { limit: 1, max_wait: Duration::from_millis(10), max_waiting: Some(2) };

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let waited = Some((Doing::Hang, 9, Layer::BULKHEAD, Reason::WAITED_TOO_LONG));
    let bulkhead = Sample {
        name: "bulkhead",
        tight: |world, inner| BulkheadLayer::new(ONE, env(world), inner),
        usual: |world, inner| BulkheadLayer::new(BulkheadConfig::default(), env(world), inner),
        shown: ["BulkheadLayer", "max_waiting: Some(2)", "in_flight: 1"],
        refuses: waited,
        ..Sample::PLAIN
    };
    let by_key = Sample {
        name: "keyed bulkhead",
        tight: |world, inner| keyed(KeyedBulkheadConfig { each: ONE, max_keys: 1 }, world, inner),
        usual: |world, inner| keyed(KeyedBulkheadConfig::default(), world, inner),
        shown: ["BulkheadLayer", "max_keys: 1", "in_flight: 1"],
        refuses: waited,
        ..Sample::PLAIN
    };
    let pool = Sample {
        name: "pool",
        tight: |world, inner| {
            let config = PoolConfig { core: 1, max: 1, queue: 2, ..PoolConfig::default() };
            BulkheadLayer::pool(config, env(world), inner)
        },
        usual: |world, inner| BulkheadLayer::pool(PoolConfig::default(), env(world), inner),
        shown: ["BulkheadLayer", "queue: 2", "busy: 1"],
        refuses: Some((Doing::Hang, 9, Layer::BULKHEAD, Reason::FULL)),
        ..Sample::PLAIN
    };
    vec![bulkhead, by_key, pool]
}

fn keyed<R: Runtime>(config: KeyedBulkheadConfig, world: &R, inner: Route) -> Route {
    let key = Box::new(|request: &Context| request.baggage.depth.into());
    BulkheadLayer::keyed(config, key, env(world), inner)
}
