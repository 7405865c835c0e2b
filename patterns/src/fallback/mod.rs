//! Answers in place of a call that failed, with less than was asked for.
//!
//! A page is worth showing without its recommendations. The obvious way to write that, a `catch`
//! around the call, has three faults that show only when they hurt:
//!
//! - *Nobody notices.* A page that has shown no recommendations for a week looks healthy to every
//!   monitor. So each answer of a [`Chain`] is marked as degraded by the chain itself, and counted.
//! - *The fallback is a dependency too.* When a service fails, all of its calls turn to the fallback
//!   in the same second. If that is another service, sized for the few calls that it used to get,
//!   it fails next, and takes along whoever else needs it: a fallback is a path for a cascade. So
//!   each step that calls has a bulkhead of its own, small, and refuses beyond it.
//! - *Somebody tries it again.* A fallback is asked once; when the chain has no answer, the failure
//!   is the one of the call, so that what is reported is the cause.
//!
//! The steps are asked in their order: an answer that is out of date ([`Chain::stale`]), another
//! call ([`Chain::call`]), an answer that is always at hand ([`Chain::default`]). A good chain ends
//! in one that needs nobody. What the classifier takes for a failure falls back, a 503 as well as
//! an error, and whether trying again may help or not; what it takes for an answer, such as a 404,
//! does not.
//!
//! Around a timeout, a fallback bounds what an optional dependency may cost: "recommendations within
//! 2 s, or none" is a fallback around a timeout of 2 s. A fallback inside a retry would be taken for
//! success by it, and a fallback outside answers when all tries have failed, which is the usual
//! order.
//!
//! | parameter | default | from |
//! |---|---|---|
//! | `limit` | 10 calls under way in each step that calls | Hystrix, `fallback.isolation.semaphore` |
//!
//! ```
//! # use cascadia_patterns::{call::*, env::Env, fallback::*};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! #[derive(Debug, PartialEq)]
//! struct Page { items: Vec<u32>, degraded: bool }
//!
//! let broken = call_fn(|_: Context| async { Err::<Page, _>(Failure::Service("down")) });
//! let chain = Chain::new(|page: &mut Page| page.degraded = true)
//!     .stale(|_: &Context| None) // nothing is in the cache
//!     .default(|_| Page { items: vec![], degraded: false });
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let fallback = FallbackLayer::new(env, broken, chain);
//! let page = fallback.call(Context::default()).await;
//! assert_eq!(page, Ok(Page { items: vec![], degraded: true }));
//! # });
//! ```
//!
//! Elsewhere: Hystrix `getFallback`, Polly `FallbackStrategy`, resilience4j `recover`, Istio has none.
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`FallbackLayer`] | `fallback` | | `recover` | `Fallback` | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | fallback: an answer that reports an error | is an answer to resilience4j's `recover`, which waits for an exception | falls back, if the classifier says so | `an_answer_that_is_a_failure_falls_back` |
//! | fallback: around a retry | a retry may repeat it | never | `a_retry_around_it_does_not_repeat_what_fell_back` |
//! | fallback that calls | Hystrix bounds all of them by 10 | each has a bulkhead of its own, of 10 | `each_step_that_calls_has_a_bulkhead_of_its_own` |

mod chain;
mod config;
mod layer;
#[cfg(test)]
mod tests;

use cascadia_runtime::Runtime;

use crate::call::{Context, Failure, call_fn};
use crate::observe::{Count, Happening};
use crate::policy::Policy;
use crate::sample::{FALLEN, Sample, env};
use crate::terms::terms;

pub use self::chain::Chain;
pub use self::config::FallbackConfig;
pub use self::layer::FallbackLayer;

terms! { Count:
    /// A call was answered by its fallback.
    FELL_BACK = "fell_back", Happening;
    /// A call failed and its fallback had no answer either.
    FALLBACK_FAILED = "fallback_failed", Happening;
}

pub(crate) const POLICY: Policy = Policy {
    name: "fallback",
    counts: &[Count::FELL_BACK, Count::FALLBACK_FAILED],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    vec![Sample {
        name: "fallback",
        shown: ["FallbackLayer", r#"chain: ["stale", "call", "default"]"#, ""],
        ..Sample::alike(|world, inner| {
            let other = call_fn(|_: Context| async { Err(Failure::Service("down")) });
            let chain = Chain::new(|_: &mut u32| {}).stale(|_| None);
            let chain = chain.call(FallbackConfig { limit: 1 }, other).default(|_| FALLEN);
            FallbackLayer::new(env(world), inner, chain)
        })
    }]
}
