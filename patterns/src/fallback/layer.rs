use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::Chain;
use super::chain::Step;
use crate::bulkhead::{BulkheadConfig, BulkheadLayer};
use crate::call::{BoxFuture, Call, Class, Classify, Failure, Outcome, Request};
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

    /// The answer of the first step that has one. Each is asked once.
    async fn fall_back(&self, request: Option<Q>, failure: &Failure<E>) -> Option<T> {
        for step in &self.chain.steps {
            let answer = match (step, &request) {
                (Step::Default(make), _) => Some(make(failure)),
                (Step::Stale(look_up), Some(request)) => look_up(request),
                (Step::Call(_, call), Some(request)) => self.ask(call, request).await,
                (Step::Stale(_) | Step::Call(..), None) => None,
            };
            if answer.is_some() {
                return answer;
            }
        }
        None
    }

    async fn ask(&self, call: &Arc<dyn Call<Q, T, E>>, request: &Q) -> Option<T> {
        if expired(self.world.now(), request.context()) {
            return None;
        }
        let outcome = Arc::clone(call).call(request.try_clone()?).await;
        match self.classify.classify(&outcome) {
            Class::Failure { .. } => None,
            Class::Success | Class::Ignore => outcome.ok(),
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for FallbackLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request + Sync,
    T: Send + 'static,
    E: Send + Sync + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        Box::pin(async move {
            let copy = request.try_clone();
            let outcome = Arc::clone(&self.inner).call(request).await;
            let failed = matches!(self.classify.classify(&outcome), Class::Failure { .. });
            let failure = match outcome {
                Err(failure) if failed => failure,
                outcome => return outcome,
            };
            let answer = self.fall_back(copy, &failure).await;
            let count = if answer.is_some() { Count::FellBack } else { Count::FallbackFailed };
            self.observe.signal(self.world.now(), &Signal::Count(count));
            match answer {
                Some(mut answer) => {
                    (self.chain.mark)(&mut answer);
                    Ok(answer)
                }
                None => Err(failure),
            }
        })
    }
}
