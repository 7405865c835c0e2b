use std::fmt;
use std::sync::{Arc, Mutex};
use std::thread::panicking;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Decision, Facts, RetryBudget, RetryConfig, Tries};
use crate::call::{
    BoxFuture, Call, Class, Classify, Context, Failure, Outcome, Request, TraceId, Tried,
};
use crate::config::assert_checked;
use crate::env::Env;
use crate::observe::{Count, Level, Observe, RetryDenied, Signal};
use crate::sync::{Shown, lock};

/// Tries failed calls again.
pub struct RetryLayer<R, Q, T, E> {
    config: RetryConfig,
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    stream: Mutex<Stream>,
    budget: Option<Mutex<Box<dyn RetryBudget>>>,
    /// Another try may go elsewhere, and something within chooses where.
    elsewhere: bool,
    /// What calls that are over have left behind, so that the next need not allocate it.
    spare: Mutex<Vec<Tried>>,
}

impl<R, Q, T, E> fmt::Debug for RetryLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryLayer")
            .field("config", &self.config)
            .field("budget", &self.budget.as_ref().map(|budget| Shown(budget, |budget| budget)))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
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
        let elsewhere = config.elsewhere && config.attempts > 1 && inner.chooses();
        let spare = Mutex::default();
        Arc::new(Self { config, world, classify, observe, inner, stream, budget, elsewhere, spare })
    }

    /// What a call before has left behind, if nobody knows it any more.
    #[inline(never)]
    fn spare(&self) -> Tried {
        let mut spare = lock(&self.spare).pop().unwrap_or_default();
        if spare.reset() { spare } else { Tried::default() }
    }

    /// Does something with the budget, if there is one.
    fn with<O>(&self, work: impl FnOnce(Option<&mut dyn RetryBudget>) -> O) -> O {
        match &self.budget {
            Some(budget) => work(Some(&mut **lock(budget))),
            None => work(None),
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
            let mut account = Account::new(&self, request.context_mut());
            while let Some(call) = account.try_with_copy(&mut request) {
                let delay = {
                    let mut outcome = call.await;
                    match account.ended(&mut outcome, true) {
                        Some(delay) => delay,
                        None => return outcome,
                    }
                };
                let attempt = &mut request.context_mut().attempt;
                attempt.number = attempt.number.saturating_add(1);
                if !delay.is_zero() {
                    // In a place of its own, which most calls do not need.
                    Box::pin(self.world.sleep(delay)).await;
                }
            }
            let mut outcome = Arc::clone(&self.inner).call(request).await;
            account.ended(&mut outcome, false);
            outcome
        })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The tries of a call. Dropped before its end, the budget is told.
struct Account<'a, R: Runtime, Q: Request, T, E> {
    layer: &'a RetryLayer<R, Q, T, E>,
    tries: Tries<'a>,
    trace: TraceId,
    /// No try has had an effect.
    untouched: bool,
    /// Where they went, if that matters and nobody further out wants to know it too.
    tried: Option<Tried>,
}

impl<'a, R: Runtime, Q: Request, T, E> Account<'a, R, Q, T, E> {
    fn new(layer: &'a RetryLayer<R, Q, T, E>, context: &mut Context) -> Self {
        let Context { baggage, attempt } = context;
        let tries = Tries::new(&layer.config, baggage);
        let mut tried = None;
        if layer.elsewhere && attempt.tried.is_none() {
            tried = Some(layer.spare());
            attempt.tried.clone_from(&tried);
        }
        // Each try of a retry further out has numbers of its own, so that no two tries of a request
        // are called the same.
        attempt.number = attempt.number.saturating_mul(layer.config.attempts);
        Self { layer, tries, trace: baggage.trace, untouched: true, tried }
    }

    /// Begins a try. The last one is to be made with the request itself, and so is one with a
    /// request that cannot be copied, as no other can follow it.
    fn try_with_copy(&mut self, request: &mut Q) -> Option<BoxFuture<Outcome<T, E>>> {
        self.begin();
        let is_last = self.tries.is_last();
        let attempt = &mut request.context_mut().attempt;
        attempt.takes_rest = is_last && self.layer.config.last_takes_rest;
        let copy = if is_last { None } else { request.try_clone() };
        copy.map(|copy| Arc::clone(&self.layer.inner).call(copy))
    }

    /// A try begins. What time it is only a budget asks.
    fn begin(&mut self) {
        let Self { layer, tries, .. } = self;
        match &layer.budget {
            Some(budget) => tries.on_try(layer.world.now(), Some(&mut **lock(budget))),
            None => tries.on_try(Time::ZERO, None),
        };
    }

    /// A try ended. Says how long to wait for the next, if another is made.
    #[inline]
    fn ended(&mut self, outcome: &mut Outcome<T, E>, copied: bool) -> Option<Duration> {
        let class = self.layer.classify.classify(outcome);
        if class == Class::Success {
            self.succeed();
            return None;
        }
        self.fail(class, outcome, copied)
    }

    #[cold]
    fn fail(
        &mut self,
        class: Class,
        outcome: &mut Outcome<T, E>,
        copied: bool,
    ) -> Option<Duration> {
        let now = self.layer.world.now();
        let facts = self.facts(class, outcome, copied);
        self.untouched &= facts.untouched;
        if let (Err(Failure::Rejected(rejection)), false) = (outcome, self.untouched) {
            rejection.safe_to_retry = false;
        }
        match self.decide(now, facts) {
            Decision::Return => None,
            Decision::Denied(reason) => {
                let trace = self.trace;
                self.layer.observe.signal(now, &Signal::RetryDenied { reason, trace });
                None
            }
            Decision::Retry { delay } => {
                let attempt = self.tries.made();
                self.layer.observe.signal(now, &Signal::Retrying { attempt, delay });
                Some(delay)
            }
        }
    }

    fn succeed(&mut self) {
        let Self { layer, tries, .. } = self;
        layer.with(|budget| tries.on_success(budget));
        if tries.made() > 1 {
            let now = layer.world.now();
            layer.observe.signal(now, &Signal::Count(Count::RETRY_SUCCEEDED));
        }
    }

    /// The call is over, and perhaps before its end.
    #[inline(never)]
    fn close(&mut self) {
        if let Some(budget) = &self.layer.budget
            && self.tries.owes()
        {
            let budget = &mut **lock(budget);
            match panicking() {
                true => self.tries.on_panic(budget),
                false => self.tries.on_drop(budget),
            }
        }
        lock(&self.layer.spare).extend(self.tried.take());
    }

    fn facts(&self, class: Class, outcome: &Outcome<T, E>, copied: bool) -> Facts {
        Facts {
            class,
            pushback: self.layer.classify.pushback(outcome),
            untouched: self.layer.classify.is_untouched(outcome),
            timed_out: matches!(outcome, Err(Failure::TimedOut(_))),
            copied,
        }
    }

    fn decide(&mut self, now: Time, facts: Facts) -> Decision {
        let Self { layer, tries, .. } = self;
        let decision =
            layer.with(|budget| tries.on_outcome(now, facts, budget, &mut lock(&layer.stream)));
        let asked =
            matches!(decision, Decision::Retry { .. } | Decision::Denied(RetryDenied::Budget));
        if asked && let Some(budget) = &layer.budget {
            let available = lock(budget).available(now);
            layer.observe.signal(now, &Signal::Level(Level::BUDGET, available));
        }
        decision
    }
}

impl<R: Runtime, Q: Request, T, E> Drop for Account<'_, R, Q, T, E> {
    #[inline]
    fn drop(&mut self) {
        if self.tries.owes() || self.tried.is_some() {
            self.close();
        }
    }
}
