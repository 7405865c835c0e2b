use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};

use super::{Copies, Hedge, HedgeConfig, Verdict};
use crate::call::{
    Apart, BoxFuture, Call, Class, Classify, Context, Failure, MOST_COPIES, Outcome, Request, Tie,
};
use crate::config::assert_checked;
use crate::env::Env;
use crate::observe::{Count, Level, Observe, Signal};
use crate::sync::{Shown, lock};

/// Sends slow calls once more.
pub struct HedgeLayer<R, Q, T, E> {
    config: HedgeConfig,
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    core: Mutex<Hedge>,
    /// What calls that are over have left behind, so that the next need not allocate it.
    spare: Mutex<Vec<Apart>>,
}

impl<R, Q, T, E> fmt::Debug for HedgeLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HedgeLayer")
            .field("config", &self.config)
            .field("core", &Shown(&self.core, |core| core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R: Runtime, Q, T, E> HedgeLayer<R, Q, T, E> {
    /// Hedges around `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(config: HedgeConfig, env: Env<R, T, E>, inner: Arc<dyn Call<Q, T, E>>) -> Arc<Self> {
        assert_checked(config.check());
        let Env { world, classify, observe, .. } = env;
        Arc::new(Self {
            config,
            world,
            classify,
            observe,
            inner,
            core: Mutex::new(Hedge::new(config)),
            spare: Mutex::default(),
        })
    }

    fn signal(&self, now: Time, signal: Signal<'_>) {
        self.observe.signal(now, &signal);
    }

    fn begin(&self, now: Time) -> Option<Duration> {
        let (delay, refreshed) = {
            let mut core = lock(&self.core);
            (core.on_call(now), core.poll_refreshed())
        };
        if let Some(refreshed) = refreshed {
            self.signal(now, Signal::Level(Level::HEDGE_DELAY, refreshed.as_secs_f64()));
        }
        delay
    }

    /// Pays for a copy, if the budget does.
    fn pay(&self, now: Time) -> bool {
        let (paid, balance) = {
            let mut core = lock(&self.core);
            (core.try_withdraw(now), core.balance(now))
        };
        if let Some(balance) = balance {
            self.signal(now, Signal::Level(Level::BUDGET, balance as f64));
        }
        self.signal(now, Signal::Count(if paid { Count::HEDGED } else { Count::HEDGE_DENIED }));
        paid
    }

    /// A copy that was refused before it began is not paid for.
    fn settle(&self, copy: &UnderWay<T, E>, outcome: &Outcome<T, E>) {
        let refused =
            matches!(outcome, Err(Failure::Rejected(rejection)) if rejection.safe_to_retry);
        if let (Some(paid), true) = (copy.paid, refused) {
            lock(&self.core).refund(paid);
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for HedgeLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = self.world.now();
        let delay = self.begin(now);
        let allowed = self.config.hedge_unsafe || request.context().baggage.is_repeatable();
        let template =
            delay.filter(|_| allowed).and_then(|delay| Some((delay, request.try_clone()?)));
        let mut first = First { layer: self, began: Some(now) };
        match template {
            Some((delay, template)) => {
                Box::pin(Race::new(first, now, delay, request, template).run())
            }
            None => {
                let call = Arc::clone(&first.layer.inner).call(request);
                Box::pin(async move {
                    let outcome = call.await;
                    first.ended(&outcome);
                    outcome
                })
            }
        }
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The copies of one call.
struct Race<R: Runtime, Q: Request, T, E> {
    first: First<R, Q, T, E>,
    /// What the copies are made of.
    template: Q,
    /// Tells which of them begins, where they are tied.
    tie: Option<Tie>,
    copies: Copies,
    calls: Calls<T, E>,
}

type Calls<T, E> = [Option<UnderWay<T, E>>; MOST_COPIES];

/// A copy under way.
struct UnderWay<T, E> {
    call: BoxFuture<Outcome<T, E>>,
    /// When the budget paid for it.
    paid: Option<Time>,
}

enum Event<T, E> {
    Ended(usize, Outcome<T, E>),
    Begun(usize),
    Due,
}

impl<R, Q, T, E> Race<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    /// The first copy of a call is sent.
    fn new(
        first: First<R, Q, T, E>,
        now: Time,
        delay: Duration,
        mut request: Q,
        mut template: Q,
    ) -> Self {
        let HedgeConfig { max, tied, .. } = first.layer.config;
        let apart = lock(&first.layer.spare).pop().unwrap_or_default();
        let tie = tied.then(Tie::default);
        let Context { baggage, attempt } = request.context_mut();
        (attempt.copy, attempt.apart, attempt.tie) = (0, Some(apart.clone()), tie.clone());
        let copies = Copies::new(now, delay, max, baggage.deadline);
        let attempt = &mut template.context_mut().attempt;
        (attempt.apart, attempt.tie) = (Some(apart), tie.clone());
        let mut race = Self { first, template, tie, copies, calls: Calls::default() };
        race.start(0, request, None);
        race
    }

    fn layer(&self) -> &HedgeLayer<R, Q, T, E> {
        &self.first.layer
    }

    fn start(&mut self, copy: u8, request: Q, paid: Option<Time>) {
        let call = Arc::clone(&self.layer().inner).call(request);
        self.calls[usize::from(copy)] = Some(UnderWay { call, paid });
    }

    /// Runs to the first acceptable outcome. The others are dropped with it, and not awaited.
    async fn run(mut self) -> Outcome<T, E> {
        let mut failure: Option<Outcome<T, E>> = None;
        loop {
            let event = self.next().await;
            let now = self.layer().world.now();
            let verdict = match event {
                Event::Due => self.send(now),
                Event::Begun(copy) => self.begun(copy),
                Event::Ended(copy, outcome) => {
                    let verdict = self.ended(now, copy, &outcome);
                    if verdict == Verdict::Return {
                        return outcome;
                    }
                    // What a server said is worth more than that there was none for another copy.
                    if failure.is_none() || !matches!(outcome, Err(Failure::Rejected(_))) {
                        failure = Some(outcome);
                    }
                    verdict
                }
            };
            if verdict == Verdict::Fail {
                return failure.expect("a call without copies under way has seen one fail");
            }
        }
    }

    /// The next copy to end or to begin, or that another is due. Of one instant what ends comes
    /// first, and what is due last.
    async fn next(&mut self) -> Event<T, E> {
        let due = self.copies.due();
        let timer = (due != Time::MAX).then(|| self.layer().world.deadline(due));
        let mut timer = pin!(timer);
        poll_fn(|context| {
            for (copy, place) in self.calls.iter_mut().enumerate() {
                let Some(under_way) = place else { continue };
                if let Poll::Ready(outcome) = under_way.call.as_mut().poll(context) {
                    return Poll::Ready(Event::Ended(copy, outcome));
                }
            }
            if let Some(tie) = &self.tie
                && let Poll::Ready(copy) = tie.poll_begun(context)
            {
                return Poll::Ready(Event::Begun(usize::from(copy)));
            }
            match timer.as_mut().as_pin_mut() {
                Some(timer) => timer.poll(context).map(|()| Event::Due),
                None => Poll::Pending,
            }
        })
        .await
    }

    fn send(&mut self, now: Time) -> Verdict {
        let Some(mut request) = self.template.try_clone() else { return self.copies.on_denied() };
        if !self.layer().pay(now) {
            return self.copies.on_denied();
        }
        let copy = self.copies.on_sent(now);
        request.context_mut().attempt.copy = copy;
        self.start(copy, request, Some(now));
        Verdict::Wait
    }

    /// A copy is being worked on, if it is still waited for: the others are dropped.
    fn begun(&mut self, copy: usize) -> Verdict {
        if self.calls[copy].is_some() {
            self.copies.on_begun();
            let others = self.calls.iter_mut().enumerate().filter(|(other, _)| *other != copy);
            others.for_each(|(_, call)| *call = None);
        }
        Verdict::Wait
    }

    fn ended(&mut self, now: Time, copy: usize, outcome: &Outcome<T, E>) -> Verdict {
        if copy == 0 {
            self.first.ended(outcome);
        }
        if let Some(ended) = self.calls[copy].take() {
            self.layer().settle(&ended, outcome);
        }
        let class = self.layer().classify.classify(outcome);
        let pushback = self.layer().classify.pushback(outcome);
        let verdict = self.copies.on_outcome(now, class, pushback);
        if copy > 0 && class == Class::Success {
            self.layer().signal(now, Signal::Count(Count::HEDGE_WON));
        }
        verdict
    }
}

impl<R: Runtime, Q: Request, T, E> Drop for Race<R, Q, T, E> {
    fn drop(&mut self) {
        self.calls = Calls::default();
        let apart = self.template.context_mut().attempt.apart.take();
        if let Some(mut apart) = apart
            && apart.reset()
        {
            lock(&self.first.layer.spare).push(apart);
        }
    }
}

/// The wait for the first copy. Dropped before its end, the call was given up.
struct First<R: Runtime, Q, T, E> {
    layer: Arc<HedgeLayer<R, Q, T, E>>,
    began: Option<Time>,
}

impl<R: Runtime, Q, T, E> First<R, Q, T, E> {
    /// What time it is and how long the wait took, at its end.
    fn over(&mut self) -> Option<(Time, Duration)> {
        let began = self.began.take()?;
        let now = self.layer.world.now();
        Some((now, now.since(began)))
    }

    fn ended(&mut self, outcome: &Outcome<T, E>) {
        let counts = match outcome {
            Err(failure) if !failure.is_of_server() => false,
            Err(Failure::TimedOut(_)) => true,
            _ => self.layer.classify.classify(outcome) == Class::Success,
        };
        if let (Some((now, took)), true) = (self.over(), counts) {
            lock(&self.layer.core).on_latency(now, took);
        }
    }
}

impl<R: Runtime, Q, T, E> Drop for First<R, Q, T, E> {
    fn drop(&mut self) {
        if let Some((now, took)) = self.over() {
            lock(&self.layer.core).on_abandoned(now, took);
        }
    }
}
