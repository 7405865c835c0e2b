//! Sends a slow call once more, to another server, and takes the answer that comes first.
//!
//! Of a hundred calls one is slow for no reason of its own: its server collected garbage, its
//! packet was lost. A request that needs a hundred such calls is nearly always slow. The obvious
//! answer, to send everything twice, doubles the load. A copy that is sent only after the call has
//! taken longer than 95 % of calls do costs 5 % more load and takes nearly all of the tail away
//! (Dean and Barroso, *The Tail at Scale*, 2013): after a delay D the load grows by exactly P(X > D).
//!
//! Hedging is safe only with four restraints, each of which is missing somewhere:
//!
//! - *A budget of its own.* A delay in milliseconds that is right today sends everything twice on
//!   the day when everything is slow, which is when it hurts most. A percentile follows, but only
//!   from one look to the next. So the budget decides: 5 % of the calls, whatever the latency does.
//! - *The first acceptable outcome wins*, not the first that comes: a server that is broken is
//!   quicker than one that works. A failure that may be tried again brings the next copy forward;
//!   one that may not ends the call.
//! - *Losers are dropped at once* and not awaited. Dropping a call cancels it, which over a network
//!   is a message to its server.
//! - *Another server.* A copy that queues behind its original helps nobody. The copies share an
//!   [`Apart`](crate::call::Apart) that the balancer inside honours: a copy goes to an endpoint that
//!   no other was sent to and whose breaker is closed, and is refused, and not paid for, where
//!   there is none. Without a balancer inside the layer cannot know where a copy goes: whatever is
//!   behind `inner` decides, and the budget still bounds what that may cost.
//!
//! The percentile is of *first* calls, over the last half minute. Only successes and timeouts are
//! recorded: fast failures would look like low latency and bring a storm of copies. A first call
//! that lost counts with the time that it had taken by then.
//!
//! What a server asks for ([`Pushback`](crate::call::Pushback): a `Retry-After`, the `retry_after` of a
//! rejection) moves the next copy, or is the end of them. No copy is sent that would come after the
//! deadline. Requests that are neither safe nor keyed are sent once. A fixed delay of nothing sends
//! all copies at once; without an end it leaves those that follow a failure.
//!
//! *Tied* copies ([`HedgeConfig::tied`]) wait in two queues, and the one that is begun cancels the
//! other. That costs no work, so it needs no budget and hardly a delay: 1 ms later a call that met a
//! free server has been begun, and there is no copy. The servers must drop what is cancelled from
//! their queues, and whoever sends must learn that one has begun, which it tells the
//! [`Tie`](crate::call::Tie) of the request. In the paper the servers tell each other; here the news
//! goes by way of the caller, which takes one message more and lets the servers be strangers. What
//! begins while it travels is worked on twice.
//!
//! | parameter | default | from |
//! |---|---|---|
//! | `delay` | p95 of the last 3 × 10 s, looked up every 3 s, 1 ms to 2 s, none before the first look | Finagle |
//! | `max` | 1 copy, at most 4 | Finagle; gRPC has at most 5 calls |
//! | `budget` | 5 % of the calls of 10 s, no reserve | Finagle's is `maxExtraLoad` |
//! | `min_calls` | 20 | ours; tower lets the user choose |
//! | `tied` | no; with it a delay of 1 ms and no budget | Dean and Barroso |
//!
//! Nothing here looks into a breaker or a limiter further in. What it has instead: no copy goes to
//! an endpoint whose circuit is open, one that is refused costs nothing, and the budget bounds the
//! rest.
//!
//! Around a retry, every copy has its own tries; inside one, every try its own copies. Both
//! multiply. gRPC allows a method one of the two.
//!
//! ```
//! # use std::time::Duration;
//! # use cascadia_patterns::{balance::*, call::*, env::Env, hedge::*};
//! # use cascadia_runtime::{Runtime, Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let world = TokioWorld::new();
//! let env = || Env::new(world, Stream::from_entropy());
//! // Whoever comes first meets a server that hangs; the other works.
//! let hangs = std::sync::atomic::AtomicBool::new(true);
//! let server = call_fn(move |context: Context| {
//!     let hang = hangs.swap(false, std::sync::atomic::Ordering::Relaxed);
//!     async move {
//!         if hang {
//!             std::future::pending::<()>().await;
//!         }
//!         Ok::<_, Failure<()>>(context.attempt.copy)
//!     }
//! });
//! let replicas = vec![server.clone(), server];
//! let balance = BalanceLayer::new(BalanceConfig::default(), env(), replicas);
//! let config = HedgeConfig {
//!     delay: HedgeDelay::Fixed(Duration::from_millis(5)),
//!     budget: None,
//!     ..HedgeConfig::default()
//! };
//! let hedge = HedgeLayer::new(config, env(), balance);
//! let request = Context::new(Baggage { safe: true, ..Baggage::default() });
//! assert_eq!(hedge.call(request).await, Ok(1));
//! # });
//! ```
//!
//! Elsewhere: Finagle `BackupRequestFilter`, gRPC `hedgingPolicy` (A6), Polly `HedgingStrategy`,
//! Envoy `hedge_policy`, tower `hedge`. resilience4j has none.
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`HedgeLayer`] | `hedge` | `hedge_policy` | | `Hedging` | A6 `hedgingPolicy` | `BackupRequestFilter` |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | hedge: who wins | tower: the first to end, even in an error | the first acceptable outcome | `a_failure_does_not_win` |
//! | hedge: losers | Polly awaits them | are dropped | `losers_are_dropped_at_the_win_and_not_awaited` |
//! | hedge: budget | Polly, gRPC and tower have none of its own | 5 % of the calls | `the_budget_pays_for_a_share_of_the_calls_however_slow_they_are` |
//! | hedge: tied copies | in the paper the servers tell each other | the caller is told and cancels the others | `the_copy_that_begins_cancels_the_others`, `of_two_that_begin_together_one_goes_on` |
//! | hedge: where a copy goes | anywhere | to an endpoint that no other copy is at | `every_copy_goes_to_another_endpoint`, `no_copy_goes_to_an_endpoint_whose_breaker_is_open` |
//! | hedge: latency of failures | lowers tower's percentile | is not recorded | `fast_failures_do_not_look_like_low_latency` |

mod config;
mod copies;
mod core;
mod latencies;
mod layer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::observe::{Count, Happening, Level, Unit};
use crate::policy::Policy;
use crate::sample::{Route, Sample, env};
use crate::terms::terms;

pub use self::config::{HedgeConfig, HedgeDelay};
pub use self::copies::{Copies, Verdict};
pub use self::core::Hedge;
pub use self::latencies::Latencies;
pub use self::layer::HedgeLayer;

terms! { Count:
    /// A copy of a call was sent.
    HEDGED = "hedged", Happening;
    /// A copy of a call won against the first.
    HEDGE_WON = "hedge_won", Happening;
    /// A copy was due and the budget did not pay for it.
    HEDGE_DENIED = "hedge_denied", Happening;
}

terms! { Level:
    /// How long a call is waited for before a copy is sent.
    HEDGE_DELAY = "hedge_delay", Unit::Seconds;
}

pub(crate) const POLICY: Policy = Policy {
    name: "hedge",
    counts: &[Count::HEDGED, Count::HEDGE_WON, Count::HEDGE_DENIED],
    levels: &[Level::BUDGET, Level::HEDGE_DELAY],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let plain = Sample {
        name: "hedge",
        tight: |world, inner| {
            hedge(3, HedgeConfig { budget: None, ..HedgeConfig::default() }, world, inner)
        },
        usual: |world, inner| hedge(3_600_000, HedgeConfig::default(), world, inner),
        shown: ["HedgeLayer", "delay: Fixed(3ms)", "current: Some(3ms)"],
        most: 2,
        ..Sample::PLAIN
    };
    let tied = Sample {
        name: "tied hedge",
        tight: |world, inner| hedge(3, HedgeConfig::tied(), world, inner),
        usual: |world, inner| hedge(3_600_000, HedgeConfig::tied(), world, inner),
        shown: ["HedgeLayer", "tied: true", "current: Some(3ms)"],
        most: 2,
        ..Sample::PLAIN
    };
    vec![plain, tied]
}

fn hedge<R: Runtime>(millis: u64, config: HedgeConfig, world: &R, inner: Route) -> Route {
    let delay = HedgeDelay::Fixed(Duration::from_millis(millis));
    HedgeLayer::new(HedgeConfig { delay, ..config }, env(world), inner)
}
