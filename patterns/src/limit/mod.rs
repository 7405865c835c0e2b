//! Bounds how much may be under way by a limit that finds itself.
//!
//! A [bulkhead](crate::bulkhead) needs a number, and the right one is the capacity of the server
//! (Little's law: throughput × latency without queueing), which changes with every deployment,
//! neighbour and cache miss. A number that was right last month is an outage or a waste today.
//! The same question was answered for the Internet with congestion control: nobody configures the
//! window of a TCP connection. A limit that adapts treats calls under way as that window. It sees
//! latency and losses, and moves.
//!
//! | rule | signal | in one line |
//! |---|---|---|
//! | [AIMD](Algorithm::Aimd) | losses | L + 1 if at least half of L is used; ⌊L · 0.9⌋ when a call is lost |
//! | [Vegas](Algorithm::Vegas) | shortest latency | queue = ⌈L · (1 − shortest ÷ now)⌉ held between 3 · log L and 6 · log L |
//! | [Gradient2](Algorithm::Gradient2) | past latency | L · clamp(1.5 · past ÷ now, ½, 1) + 4, a fifth of the way |
//! | [gradient](Algorithm::Gradient) | latency without load | g = clamp(1.25 · without ÷ now, ½, 2); L · g + √(L · g) |
//!
//! Three things go wrong with all of them, and are tested here:
//!
//! - *Nobody asks.* An idle server answers fast, so the limit grows for no reason and protects
//!   nobody when the load comes. A limit of which less than half is used is left alone. Envoy's
//!   gradient has no such rule and drifts to its maximum.
//! - *Fast is not good.* A refusal comes fast. It must not look like a quick answer: it is a loss
//!   for AIMD and Vegas and the steepest gradient for Gradient2, and is no latency for any. The
//!   original of Gradient2 takes it for one. A timeout is a latency: it took at least that long. An
//!   error that is no overload, and a caller that leaves, say nothing. So a
//!   [timeout](crate::timeout) belongs inside the limit.
//! - *The yardstick drifts.* A latency without load that was learned under load is too long, and
//!   the limit runs away. Vegas forgets it now and then, the gradient measures it: every minute it
//!   holds the limit at 3 until 50 calls are answered, which is a small brown-out of its own. A
//!   fleet that does this in step has a large one, hence the jitter.
//!
//! The [window](Window) around a rule shows it the mean of many calls. A call over the limit is
//! refused at once. The configurations name every parameter with its unit, default and source.
//!
//! ```
//! # use cascadia_patterns::{limit::*, call::*, env::Env};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let slow = call_fn(|_: Context| async { Err::<(), Failure<()>>(Failure::TimedOut(Layer::TIMEOUT)) });
//! let config = AimdConfig { min: 1, ..AimdConfig::default() };
//! let config = LimitConfig { algorithm: Algorithm::Aimd(config), ..LimitConfig::default() };
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let limit = LimitLayer::new(config, env, slow);
//! assert_eq!(limit.limit(), 20);
//! limit.clone().call(Context::default()).await.unwrap_err();
//! assert_eq!(limit.limit(), 18);
//! # });
//! ```
//!
//! Elsewhere: Netflix concurrency-limits (`AIMDLimit`, `VegasLimit`, `Gradient2Limit`,
//! `WindowedLimit`), Envoy `adaptive_concurrency`. Brakmo, Peterson: *TCP Vegas* (1995).
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`LimitLayer`] | `limit` | `adaptive_concurrency` | | | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | limit: a fast refusal | is a low latency to Netflix' Gradient2 | is none | `a_fast_refusal_is_not_a_fast_answer` |
//! | limit: Vegas under load | learns a latency that is too long, and the limit runs away | the same, as published; probes make it learn anew | `vegas_runs_away_with_a_latency_that_was_learned_under_load`, `vegas_forgets_the_latency_without_load` |
//! | limit: Envoy's gradient | drifts to its maximum where it is hardly used; holds itself at three while it measures | the same | `it_drifts_to_its_maximum_while_it_is_hardly_used`, `every_minute_it_holds_itself_at_three` |

mod aimd;
mod config;
mod core;
mod estimator;
mod gradient;
mod gradient2;
mod layer;
mod quantile;
#[cfg(test)]
mod tests;
mod vegas;
mod windowed;

use cascadia_runtime::Runtime;

use crate::call::{Layer, Reason, TimedOut};
use crate::observe::{Level, Unit};
use crate::policy::Policy;
use crate::sample::{Doing, Route, Sample, env};
use crate::terms::terms;

pub use self::config::{
    AimdConfig, Algorithm, Gradient2Config, GradientConfig, LimitConfig, VegasConfig, Window,
};
pub use self::core::{Limiter, Permit};
pub use self::estimator::Answer;
pub use self::layer::LimitLayer;

terms! { Layer:
    /// A limit that finds itself.
    LIMIT = "limit", TimedOut::Waited;
}

terms! { Level:
    /// Calls that may be under way at once.
    LIMIT = "limit", Unit::Calls;
}

pub(crate) const POLICY: Policy = Policy {
    name: "limit",
    reasons: &[(Layer::LIMIT, Reason::FULL)],
    levels: &[Level::LIMIT],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let full =
        || Sample { refuses: Some((Doing::Hang, 9, Layer::LIMIT, Reason::FULL)), ..Sample::PLAIN };
    let aimd = Sample {
        name: "aimd",
        tight: |world, inner| {
            let config = AimdConfig { initial: 1, min: 1, ..AimdConfig::default() };
            limit(Algorithm::Aimd(config), world, inner)
        },
        usual: |world, inner| limit(Algorithm::Aimd(AimdConfig::default()), world, inner),
        shown: ["LimitLayer", "Aimd", "in_flight: 1"],
        ..full()
    };
    let vegas = Sample {
        name: "vegas",
        tight: |world, inner| {
            let config = VegasConfig { initial: 1, ..VegasConfig::default() };
            limit(Algorithm::Vegas(config), world, inner)
        },
        usual: |world, inner| limit(Algorithm::Vegas(VegasConfig::default()), world, inner),
        shown: ["LimitLayer", "Vegas", "in_flight: 1"],
        ..full()
    };
    let gradient2 = Sample {
        name: "gradient2",
        tight: |world, inner| {
            let config = Gradient2Config { initial: 1, min: 1, ..Gradient2Config::default() };
            limit(Algorithm::Gradient2(config), world, inner)
        },
        usual: |world, inner| limit(Algorithm::Gradient2(Default::default()), world, inner),
        shown: ["LimitLayer", "Gradient2", "in_flight: 1"],
        ..full()
    };
    let gradient = Sample {
        name: "gradient",
        tight: |world, inner| {
            let config = GradientConfig { min: 1, ..GradientConfig::default() };
            limit(Algorithm::Gradient(config), world, inner)
        },
        usual: |world, inner| limit(Algorithm::Gradient(Default::default()), world, inner),
        shown: ["LimitLayer", "Gradient", "in_flight: 1"],
        ..full()
    };
    vec![aimd, vegas, gradient2, gradient]
}

fn limit<R: Runtime>(algorithm: Algorithm, world: &R, inner: Route) -> Route {
    LimitLayer::new(LimitConfig { algorithm, ..LimitConfig::default() }, env(world), inner)
}
