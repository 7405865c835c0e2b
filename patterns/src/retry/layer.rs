use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Decision, Facts, RatioBudget, RetryBudget, RetryConfig, Tries};
use crate::call::{BoxFuture, Call, Classify, Failure, Outcome, Request};
use crate::config::assert_checked;
use crate::env::Env;
use crate::observe::{Observe, Signal};
use crate::sync::lock;

/// Tries failed calls again.
pub struct RetryLayer<R, Q, T, E> {
    config: RetryConfig,
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    shared: Mutex<Shared>,
}

struct Shared {
    budget: Option<Box<dyn RetryBudget>>,
    stream: Stream,
}

impl<R: Runtime, Q, T, E> RetryLayer<R, Q, T, E> {
    /// Retries around `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(config: RetryConfig, env: Env<R, T, E>, inner: Arc<dyn Call<Q, T, E>>) -> Arc<Self> {
        let budget = config.budget.map(|budget| -> Box<dyn RetryBudget> {
            assert_checked(budget.check());
            Box::new(RatioBudget::new(budget))
        });
        Self::with_budget(config, env, inner, budget)
    }

    /// Retries around `inner` within a budget of another kind; that of `config` is not used.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn with_budget(
        config: RetryConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
        budget: Option<Box<dyn RetryBudget>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let Env { world, classify, observe, stream } = env;
        let shared = Mutex::new(Shared { budget, stream });
        Arc::new(Self { config, world, classify, observe, inner, shared })
    }

    fn begin(&self) {
        let now = self.world.now();
        if let Some(budget) = &mut lock(&self.shared).budget {
            budget.on_request(now);
        }
    }

    fn decide(
        &self,
        tries: &mut Tries,
        now: Time,
        outcome: &Outcome<T, E>,
        copied: bool,
    ) -> Decision {
        let rejection = match outcome {
            Err(Failure::Rejected(rejection)) => Some(rejection),
            _ => None,
        };
        let facts = Facts { class: self.classify.classify(outcome), rejection, copied };
        let mut shared = lock(&self.shared);
        let Shared { budget, stream } = &mut *shared;
        match budget {
            Some(budget) => tries.on_outcome(now, facts, Some(&mut **budget), stream),
            None => tries.on_outcome(now, facts, None, stream),
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for RetryLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        Box::pin(async move {
            self.begin();
            let mut tries = Tries::new(self.config, request.context());
            let trace = request.context().trace;
            loop {
                let attempt = tries.on_try();
                request.context_mut().attempt = attempt;
                let copy = if tries.is_last() { None } else { request.try_clone() };
                let outcome = Arc::clone(&self.inner).call(request).await;
                let now = self.world.now();
                let delay = match self.decide(&mut tries, now, &outcome, copy.is_some()) {
                    Decision::Retry { delay } => delay,
                    Decision::Return => return outcome,
                    Decision::Denied(reason) => {
                        self.observe.signal(now, &Signal::RetryDenied { reason, trace });
                        return outcome;
                    }
                };
                drop(outcome);
                let Some(copy) = copy else { unreachable!("a retry is decided only with a copy") };
                request = copy;
                let withdrawal = Withdrawal { shared: &self.shared, at: now };
                self.observe.signal(now, &Signal::Retrying { attempt: attempt + 1, delay });
                if !delay.is_zero() {
                    self.world.sleep_until(now + delay).await;
                }
                withdrawal.spend();
            }
        })
    }
}

/// A retry taken out of the budget; dropped before it is made, it goes back.
struct Withdrawal<'a> {
    shared: &'a Mutex<Shared>,
    at: Time,
}

impl Withdrawal<'_> {
    fn spend(self) {
        std::mem::forget(self);
    }
}

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        if let Some(budget) = &mut lock(self.shared).budget {
            budget.refund(self.at);
        }
    }
}
