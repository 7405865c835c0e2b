//! Lets so many calls pass in so much time.
//!
//! A client with a bug, or one tenant of many, can ask for more than its share, and the service
//! has no way to tell until it is overloaded for everybody. A bound on what is under way (a
//! [bulkhead](crate::bulkhead)) is not the answer: fast calls may come a thousand times a second
//! and never be two at once. A rate limit counts calls over time.
//!
//! The obvious counter, `limit` calls in each second, lets through twice as many in a moment: the
//! last of one second and the first of the next lie side by side. The ways to count differ in what
//! they promise, and in what they must remember:
//!
//! | algorithm | at most | remembers |
//! |---|---|---|
//! | [token bucket](Algorithm::TokenBucket) | `rate · t + burst` in any time t | a level |
//! | [GCRA](Algorithm::Gcra) | the same | an instant |
//! | [sliding log](Algorithm::SlidingLog) | `limit` in any window | `limit` instants |
//! | [sliding counter](Algorithm::SlidingCounter) | `limit` in any window if calls come evenly, else at most twice as many | two numbers |
//! | [fixed cycle](Algorithm::FixedCycle) | `limit` in each cycle, `2 · limit` in a window that spans two | a number |
//!
//! All of them count in whole nanoseconds. The rate of a GCRA is rounded, as in governor, so that
//! its interval is a whole number of them: 3 calls a second become one every 333,333,333 ns. That
//! of a token bucket is exact.
//!
//! A call that finds no permit is refused and told when there will be one
//! ([`retry_after`](crate::call::Rejection::retry_after)), or waits for it if that takes at most
//! `max_wait` and ends before its deadline. Who waits has taken his permit already, so nobody
//! overtakes; who is cancelled while he waits gives it back, as far as those behind him do not
//! build on it.
//!
//! | parameter | unit | default | from |
//! |---|---|---|---|
//! | `rate`, `limit` | calls in a time | none | what is protected knows it |
//! | `burst` | calls | none; in the language the calls of one second | governor |
//! | `max_wait` | time | 0 | governor; resilience4j waits 5 s |
//!
//! ```
//! # use std::time::Duration;
//! # use cascadia_patterns::{rate_limit::*, call::*, env::Env};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let echo = call_fn(|_: Context| async { Ok::<_, Failure<()>>("hello") });
//! let rate = Rate { permits: 1, per: Duration::from_secs(60) };
//! let config = RateLimitConfig::new(Algorithm::TokenBucket { rate, burst: 1 });
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let limit = RateLimitLayer::new(config, env, echo);
//! assert_eq!(limit.clone().call(Context::default()).await, Ok("hello"));
//! let Err(Failure::Rejected(rejection)) = limit.call(Context::default()).await else { panic!() };
//! assert_eq!(rejection.reason, Reason::RATE_LIMITED);
//! assert!(rejection.retry_after.unwrap() > Duration::from_secs(50));
//! # });
//! ```
//!
//! Elsewhere: resilience4j `RateLimiter` (fixed cycle), Polly `RateLimiter`, Envoy local rate limit
//! (token bucket), tower `RateLimit` (a cycle that begins with the first call after the last one),
//! governor (GCRA). GCRA is from ITU-T I.371 (1993); it is the token bucket of Turner (1986) as a
//! schedule.
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`RateLimitLayer`] | `rate_limit` | `local_ratelimit` | `RateLimiter` | `RateLimiter` | | `RateLimitingFilter` |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | rate limit: fixed cycles | twice the limit passes around a boundary | the same; the other algorithms do not | `a_fixed_cycle_lets_two_bursts_through_at_its_boundary`, `a_sliding_log_does_not` |
//! | rate limit: a waiter that leaves | resilience4j keeps its permit | gives it back | `an_interrupted_waiter_of_a_cycle_gives_its_permit_back` |
//! | rate limit: clones | each of tower's `RateLimit` counts for itself | who shares the layer shares the limit | `whoever_shares_the_layer_shares_the_limit` |
//! | rate limit: GCRA | `governor` | the same decisions, for every history | `gcra_is_governors` |

mod config;
mod core;
mod fixed_cycle;
mod gcra;
mod layer;
mod limiter;
mod sliding_counter;
mod sliding_log;
#[cfg(test)]
mod tests;
mod token_bucket;

use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::policy::Policy;
use crate::sample::{Doing, Sample, env};
use crate::terms::terms;

pub use self::config::{Algorithm, Rate, RateLimitConfig};
pub use self::core::{Decision, RateLimit, Reservation};
pub use self::layer::RateLimitLayer;

terms! { Layer:
    /// A limit on the rate of calls.
    RATE_LIMIT = "rate_limit", TimedOut::Waited;
}

terms! { Reason:
    /// So many calls have passed that this one must come later.
    RATE_LIMITED = "rate_limited", Sense::TooOften;
}

pub(crate) const POLICY: Policy = Policy {
    name: "rate_limit",
    reasons: &[(Layer::RATE_LIMIT, Reason::RATE_LIMITED)],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "rate limit",
        tight: |world, inner| {
            let rate = Rate { permits: 1, per: Duration::from_millis(5) };
            let algorithm = Algorithm::TokenBucket { rate, burst: 1 };
            let config = RateLimitConfig { algorithm, max_wait: Duration::from_millis(20) };
            RateLimitLayer::new(config, env(world), inner)
        },
        usual: |world, inner| {
            let (rate, burst) = (Rate::per_second(1_000_000_000), 1_000_000_000);
            let config = RateLimitConfig::new(Algorithm::TokenBucket { rate, burst });
            RateLimitLayer::new(config, env(world), inner)
        },
        shown: ["RateLimitLayer", "per: 5ms", "now: 0.001000000s"],
        refuses: Some((Doing::Ok, 9, Layer::RATE_LIMIT, Reason::RATE_LIMITED)),
        counts_calls: true,
        ..Sample::PLAIN
    }]
}
