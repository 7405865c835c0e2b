use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Decision, Facts, RetryBudget, RetryConfig, Tries};
use crate::call::{BoxFuture, Call, Class, Classify, Failure, Outcome, Request};
use crate::config::assert_checked;
use crate::env::Env;
use crate::observe::{Count, Level, Observe, RetryDenied, Signal};
use crate::sync::lock;

/// Tries failed calls again.
pub struct RetryLayer<R, Q, T, E> {
    config: RetryConfig,
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    stream: Mutex<Stream>,
    budget: Option<Mutex<Box<dyn RetryBudget>>>,
}

impl<R: Runtime, Q, T, E> RetryLayer<R, Q, T, E> {
    /// Retries around `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(config: RetryConfig, env: Env<R, T, E>, inner: Arc<dyn Call<Q, T, E>>) -> Arc<Self> {
        assert_checked(config.check());
        Self::with_budget(config, env, inner, config.budget.map(super::Budget::build))
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
        let (stream, budget) = (Mutex::new(stream), budget.map(Mutex::new));
        Arc::new(Self { config, world, classify, observe, inner, stream, budget })
    }

    /// Does something with the budget, if there is one.
    fn with<O>(&self, work: impl FnOnce(Option<&mut dyn RetryBudget>) -> O) -> O {
        match &self.budget {
            Some(budget) => work(Some(&mut **lock(budget))),
            None => work(None),
        }
    }

    fn facts(&self, class: Class, outcome: &Outcome<T, E>, copied: bool) -> Facts {
        Facts {
            class,
            pushback: self.classify.pushback(outcome),
            untouched: self.classify.is_untouched(outcome),
            timed_out: matches!(outcome, Err(Failure::TimedOut(_))),
            copied,
        }
    }

    fn decide(&self, tries: &mut Tries<'_>, now: Time, facts: Facts) -> Decision {
        let decision =
            self.with(|budget| tries.on_outcome(now, facts, budget, &mut lock(&self.stream)));
        let asked =
            matches!(decision, Decision::Retry { .. } | Decision::Denied(RetryDenied::Budget));
        if asked && let Some(budget) = &self.budget {
            let available = lock(budget).available(now);
            self.observe.signal(now, &Signal::Level(Level::Budget, available));
        }
        decision
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
            let trace = request.context().trace;
            let tries = Tries::new(&self.config, request.context());
            let mut account = Account { layer: &self, tries };
            let mut untouched = true;
            loop {
                let attempt = account.begin();
                let is_last = account.tries.is_last();
                let context = request.context_mut();
                context.attempt = attempt;
                context.takes_rest = is_last && self.config.last_takes_rest;
                let copy = if is_last { None } else { request.try_clone() };
                let mut outcome = Arc::clone(&self.inner).call(request).await;
                let class = self.classify.classify(&outcome);
                if class == Class::Success {
                    account.succeed(attempt);
                    return outcome;
                }
                let now = self.world.now();
                let facts = self.facts(class, &outcome, copy.is_some());
                untouched &= facts.untouched;
                if let (Err(Failure::Rejected(rejection)), false) = (&mut outcome, untouched) {
                    rejection.safe_to_retry = false;
                }
                let delay = match self.decide(&mut account.tries, now, facts) {
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
                self.observe.signal(now, &Signal::Retrying { attempt: attempt + 1, delay });
                if !delay.is_zero() {
                    self.world.sleep_until(now + delay).await;
                }
            }
        })
    }
}

/// The tries of a call. Dropped before its end, the budget is told.
struct Account<'a, R: Runtime, Q, T, E> {
    layer: &'a RetryLayer<R, Q, T, E>,
    tries: Tries<'a>,
}

impl<R: Runtime, Q, T, E> Account<'_, R, Q, T, E> {
    /// A try begins; its number. What time it is only a budget asks.
    fn begin(&mut self) -> u16 {
        let Self { layer, tries } = self;
        let Some(budget) = &layer.budget else { return tries.on_try(Time::ZERO, None) };
        let now = layer.world.now();
        tries.on_try(now, Some(&mut **lock(budget)))
    }

    /// The try of that number did its work.
    fn succeed(&mut self, attempt: u16) {
        let Self { layer, tries } = self;
        layer.with(|budget| tries.on_success(budget));
        if attempt > 0 {
            let now = layer.world.now();
            layer.observe.signal(now, &Signal::Count(Count::RetrySucceeded));
        }
    }
}

impl<R: Runtime, Q, T, E> Drop for Account<'_, R, Q, T, E> {
    fn drop(&mut self) {
        let Self { layer, tries } = self;
        if let Some(budget) = &layer.budget
            && tries.owes()
        {
            tries.on_drop(&mut **lock(budget));
        }
    }
}
