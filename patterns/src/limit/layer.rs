use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream};

use super::{Answer, LimitConfig, Limiter, Permit};
use crate::call::{BoxFuture, Call, Class, Classify, Failure, Outcome, Request, health};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::{Level, Observe, Signal};
use crate::sync::{Shown, lock};

/// Bounds the calls under way by a limit that it finds itself.
pub struct LimitLayer<R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    count_local: bool,
    inner: Arc<dyn Call<Q, T, E>>,
    state: Mutex<State>,
}

impl<R, Q, T, E> fmt::Debug for LimitLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LimitLayer")
            .field("core", &Shown(&self.state, |state| &state.core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

struct State {
    core: Limiter,
    stream: Stream,
}

impl<R: Runtime, Q, T, E> LimitLayer<R, Q, T, E> {
    /// An adaptive limit before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(config: LimitConfig, env: Env<R, T, E>, inner: Arc<dyn Call<Q, T, E>>) -> Arc<Self> {
        assert_checked(config.check());
        let count_local = config.count_local;
        let state = Mutex::new(State { core: Limiter::new(config), stream: env.stream });
        let Env { world, classify, observe, .. } = env;
        Arc::new(Self { world, classify, observe, count_local, inner, state })
    }

    /// Calls under way.
    pub fn in_flight(&self) -> u32 {
        lock(&self.state).core.in_flight()
    }

    /// Calls that may be under way.
    pub fn limit(&self) -> u32 {
        lock(&self.state).core.limit()
    }

    /// Applies an event and reports a limit that it moved, after the lock is released.
    fn event<O>(&self, event: impl FnOnce(&mut Limiter, &mut Stream) -> O) -> O {
        let (output, limit) = {
            let mut state = lock(&self.state);
            let State { core, stream } = &mut *state;
            (event(core, stream), core.poll_limit())
        };
        if let Some(limit) = limit {
            let level = Signal::Level(Level::LIMIT, f64::from(limit));
            self.observe.signal(self.world.now(), &level);
        }
        output
    }

    /// What an outcome says of the server. An error that is no overload comes as fast as it likes.
    fn answer(&self, outcome: &Outcome<T, E>) -> Option<Answer> {
        match (health(&*self.classify, outcome, self.count_local), outcome) {
            (Class::Ignore, _) => None,
            (Class::Success, _) => Some(Answer::Ok),
            (Class::Failure { .. }, Err(Failure::TimedOut(_))) => Some(Answer::TimedOut),
            (Class::Failure { overload, .. }, _) => overload.then_some(Answer::Refused),
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for LimitLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = self.world.now();
        let permit = match self.event(|core, stream| core.on_call(now, stream)) {
            Ok(permit) => permit,
            Err(rejection) => return refuse(&*self.observe, now, rejection),
        };
        let pass = Pass { layer: self, permit: Some(permit) };
        let call = Arc::clone(&pass.layer.inner).call(request);
        Box::pin(async move {
            let outcome = call.await;
            pass.settle(&outcome);
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

/// A permit on its way; dropped, it is abandoned.
struct Pass<R: Runtime, Q, T, E> {
    layer: Arc<LimitLayer<R, Q, T, E>>,
    permit: Option<Permit>,
}

impl<R: Runtime, Q, T, E> Pass<R, Q, T, E> {
    fn settle(mut self, outcome: &Outcome<T, E>) {
        let Some(answer) = self.layer.answer(outcome) else { return };
        let Some(permit) = self.permit.take() else { return };
        let now = self.layer.world.now();
        self.layer.event(|core, stream| core.on_answer(now, permit, answer, stream));
    }
}

impl<R: Runtime, Q, T, E> Drop for Pass<R, Q, T, E> {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            self.layer.event(|core, _| core.on_abandoned(permit));
        }
    }
}
