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

mod chain;
mod config;
mod layer;
#[cfg(test)]
mod samples;
mod terms;
#[cfg(test)]
mod tests;

pub use self::chain::Chain;
pub use self::config::FallbackConfig;
pub use self::layer::FallbackLayer;
pub(crate) use self::terms::POLICY;
