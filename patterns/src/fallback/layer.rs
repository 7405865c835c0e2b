use std::fmt;
use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::Chain;
use super::chain::Step;
use crate::bulkhead::{BulkheadConfig, BulkheadLayer};
use crate::call::{BoxFuture, Call, Class, Classify, Outcome, Request};
use crate::config::assert_checked;
use crate::deadline::expired;
use crate::env::Env;
use crate::observe::{Count, Observe, Signal};

/// Answers in place of calls that fail.
pub struct FallbackLayer<R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    chain: Chain<Q, T, E>,
}

impl<R, Q, T, E> fmt::Debug for FallbackLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FallbackLayer")
            .field("chain", &self.chain)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R, Q, T, E> FallbackLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    /// The chain of fallbacks behind `inner`.
    ///
    /// # Panics
    ///
    /// When the configuration of a step does not pass its check.
    pub fn new(
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
        mut chain: Chain<Q, T, E>,
    ) -> Arc<Self> {
        for step in &mut chain.steps {
            if let Step::Call(config, call) = step {
                assert_checked(config.check());
                let config = BulkheadConfig { limit: config.limit, ..BulkheadConfig::default() };
                let env = Env {
                    world: env.world.clone(),
                    classify: Arc::clone(&env.classify),
                    observe: Arc::clone(&env.observe),
                    stream: env.stream.clone(),
                };
                *call = BulkheadLayer::new(config, env, Arc::clone(call));
            }
        }
        let Env { world, classify, observe, .. } = env;
        Arc::new(Self { world, classify, observe, inner, chain })
    }

    /// The answer of the first step that has one, or else the outcome of the call. Each step is
    /// asked once.
    async fn fall_back(&self, mut request: Option<Q>, outcome: Outcome<T, E>) -> Outcome<T, E> {
        for step in &self.chain.steps {
            let answer = match step {
                Step::Default(make) => Some(make(&outcome)),
                Step::Stale(look_up) => request.as_ref().and_then(|request| look_up(request)),
                Step::Call(_, call) => {
                    let copy = request.as_mut().and_then(Request::try_clone);
                    self.ask(call, copy).await
                }
            };
            if let Some(mut answer) = answer {
                self.count(Count::FELL_BACK);
                (self.chain.mark)(&mut answer);
                return Ok(answer);
            }
        }
        self.count(Count::FALLBACK_FAILED);
        outcome
    }

    async fn ask(&self, call: &Arc<dyn Call<Q, T, E>>, request: Option<Q>) -> Option<T> {
        let request = request?;
        if expired(self.world.now(), &request.context().baggage) {
            return None;
        }
        let outcome = Arc::clone(call).call(request).await;
        match self.classify.classify(&outcome) {
            Class::Failure { .. } => None,
            Class::Success | Class::Ignore => outcome.ok(),
        }
    }

    fn count(&self, count: Count) {
        self.observe.signal(self.world.now(), &Signal::Count(count));
    }
}

impl<R, Q, T, E> Call<Q, T, E> for FallbackLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        Box::pin(async move {
            let copy = if self.chain.looks_at_requests() { request.try_clone() } else { None };
            let outcome = Arc::clone(&self.inner).call(request).await;
            match self.classify.classify(&outcome) {
                // In a place of its own, which most calls do not need.
                Class::Failure { .. } => Box::pin(self.fall_back(copy, outcome)).await,
                Class::Success | Class::Ignore => outcome,
            }
        })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
