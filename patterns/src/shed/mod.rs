//! Does less, so that what is done is done in time.
//!
//! A server that is asked for more than it can do has a queue that only grows. Served in order,
//! every request waits as long as the queue is, and once that is longer than the callers wait, the
//! server works at its full capacity on requests that everybody has given up: throughput is perfect
//! and goodput is zero. More capacity in the queue makes it worse. To answer some requests in time
//! it must not begin others, and there are three questions:
//!
//! - *Is there overload?* Not when the queue is long, since a burst makes it long for a moment, but
//!   when it stands. [CoDel](Codel) goes by the shortest wait of an interval: if even that was longer
//!   than `target`, then the queue never emptied, and who waits longer than twice the target is shed.
//!   This is the variant of folly, made for servers; the first of an interval is never shed. (There
//!   the first interval of all has no length, so that one slow start is an overload. Here it has.)
//! - *Who first?* Under overload, who came last: his caller still waits. [Adaptive](Order::Adaptive)
//!   order is fair as long as few wait, and then last come, first served.
//! - *Who not?* [DAGOR](Dagor) goes by importance: a request has a priority and within it a place by
//!   its user, and a level above which requests are refused before they cost anything. The level
//!   follows the mean wait. As the place of a user is the same on every server, a user request
//!   that needs several of them is refused by the first and not by the last.
//!
//! The cores decide, and never queue: [`Discipline`] says who of a queue is next. A [`QueueLayer`]
//! has a queue of its own. A [`DagorLayer`] stands before one and must be told of its waits.
//!
//! | | parameter | unit | default | from |
//! |---|---|---|---|---|
//! | CoDel | `target` | time | 5 ms | folly |
//! | | `interval` | time | 100 ms | folly |
//! | adaptive | `above` | calls | none; in the language as many as there are workers | ours |
//! | DAGOR | `target` | time | 20 ms | Zhou et al. |
//! | | `window`, `window_requests` | time, requests | 1 s or 2,000 | Zhou et al. |
//! | | `shrink`, `grow` | share | 5 %, 1 % | Zhou et al. |
//! | | `priorities` | | 16 | ours |
//!
//! ```
//! # use std::time::Duration;
//! # use cascadia_patterns::shed::*;
//! # use cascadia_runtime::Time;
//! let config = DisciplineConfig { order: Order::Fifo, codel: Some(CodelConfig::default()) };
//! let mut discipline = Discipline::new(config);
//! let ms = |millis| Time::ZERO + Duration::from_millis(millis);
//! // Everybody waits for 30 ms. After an interval of that it is no burst any more.
//! let next: Vec<_> = (0..=102).map(|t| discipline.next(ms(30 + t), 9, ms(t))).collect();
//! assert_eq!(next[..102], [Next::Oldest; 102]);
//! assert_eq!(next[102], Next::Shed);
//! ```
//!
//! What is left out: DAGOR's level that travels upstream with the answers, and any cost of refusing.
//!
//! Elsewhere: folly `Codel`, HBase `AdaptiveLifoCoDelCallQueue`, Envoy overload manager, tower
//! `LoadShed` (refuses when the inner service is not ready). Nichols, Jacobson: *Controlling Queue
//! Delay* (2012); Maurer: *Fail at Scale* (2015); Zhou et al.: *Overload Control for Scaling WeChat
//! Microservices* (2018).
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`QueueLayer`] | `shed.queue` | `circuit_breakers.max_pending_requests` | | | | `RequestSemaphoreFilter` |
//! | [`DagorLayer`] | `shed.dagor` | overload manager | | | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | shed: the start of an interval | folly drops none of its first | the same | `the_first_of_an_interval_is_never_shed` |
//! | shed: a level that admits nobody | DAGOR's steps of 1 % of nothing stay there | it comes back | `a_level_that_admits_nobody_comes_back` |

mod codel;
mod config;
mod dagor;
mod dagor_layer;
mod discipline;
mod queue;
mod queue_layer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::observe::Level;
use crate::policy::Policy;
use crate::sample::{Doing, Sample, env};
use crate::terms::terms;

pub use self::codel::Codel;
pub use self::config::{CodelConfig, DagorConfig, DisciplineConfig, Order, QueueConfig};
pub use self::dagor::Dagor;
pub use self::dagor_layer::{DagorLayer, OnWait, WaitGauge};
pub use self::discipline::{Discipline, Next};
pub use self::queue_layer::QueueLayer;

terms! { Layer:
    /// What refuses some under overload.
    SHED = "shedder", TimedOut::Waited;
}

terms! { Reason:
    /// There is more work than can be done, and other work matters more.
    OVERLOADED = "overloaded", Sense::Overload;
}

pub(crate) const POLICY: Policy = Policy {
    name: "shed",
    reasons: &[(Layer::SHED, Reason::FULL), (Layer::SHED, Reason::OVERLOADED)],
    levels: &[Level::REFUSED],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let queue = Sample {
        name: "queue",
        tight: |world, inner| {
            let (target, interval) = (Duration::from_millis(1), Duration::from_millis(5));
            let codel = Some(CodelConfig { target, interval });
            let discipline = DisciplineConfig { order: Order::Adaptive { above: 1 }, codel };
            let config = QueueConfig { limit: 1, max_waiting: Some(3), discipline };
            QueueLayer::new(config, None, env(world), inner)
        },
        usual: |world, inner| QueueLayer::new(QueueConfig::default(), None, env(world), inner),
        shown: ["QueueLayer", "above: 1", "in_flight: 1"],
        refuses: Some((Doing::Hang, 9, Layer::SHED, Reason::FULL)),
        ..Sample::PLAIN
    };
    let dagor = Sample {
        name: "dagor",
        shown: ["DagorLayer", "priorities: ", "requests: 1"],
        ..Sample::alike(|world, inner| {
            DagorLayer::new(WaitGauge::new(DagorConfig::default()), env(world), inner)
        })
    };
    vec![queue, dagor]
}
