use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Breaker, BreakerConfig, Manual, Permit, Snapshot, Transition};
use crate::call::{BoxFuture, Call, Class, Classify, Outcome, Request, Status, health};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::{Observe, Signal};
use crate::sync::{Shown, lock};

/// Refuses calls to what fails.
pub struct BreakerLayer<R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    count_local: bool,
    inner: Arc<dyn Call<Q, T, E>>,
    state: Mutex<State>,
}

impl<R, Q, T, E> fmt::Debug for BreakerLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakerLayer")
            .field("core", &Shown(&self.state, |state| &state.core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

struct State {
    core: Breaker,
    stream: Stream,
}

impl<R: Runtime, Q, T, E> BreakerLayer<R, Q, T, E> {
    /// A circuit breaker before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: BreakerConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let count_local = config.count_local;
        let state = Mutex::new(State { core: Breaker::new(config), stream: env.stream });
        let Env { world, classify, observe, .. } = env;
        Arc::new(Self { world, classify, observe, count_local, inner, state })
    }

    /// Takes the circuit in hand, or lets go of it.
    pub fn force(&self, manual: Manual) {
        self.event(|core, _| core.force(manual));
    }

    /// The breaker as it is now.
    pub fn snapshot(&self) -> Snapshot {
        lock(&self.state).core.snapshot(self.world.now())
    }

    /// Applies an event and reports what came of it, after the lock is released.
    fn event<O>(&self, event: impl FnOnce(&mut Breaker, &mut Stream) -> O) -> O {
        let (output, transition, count) = {
            let mut state = lock(&self.state);
            let State { core, stream } = &mut *state;
            (event(core, stream), core.poll_transition(), core.poll_count())
        };
        if let Some(Transition { from, to }) = transition {
            self.observe.signal(self.world.now(), &Signal::Breaker { from, to });
        }
        if let Some(count) = count {
            self.observe.signal(self.world.now(), &Signal::Count(count));
        }
        output
    }
}

impl<R, Q, T, E> Call<Q, T, E> for BreakerLayer<R, Q, T, E>
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

    fn status(&self, now: Time) -> Status {
        match self.event(|core, stream| core.status(now, stream)) {
            Status::Ready => self.inner.status(now),
            rests @ Status::Rests { .. } => rests,
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A permit on its way; dropped, it is abandoned.
struct Pass<R: Runtime, Q, T, E> {
    layer: Arc<BreakerLayer<R, Q, T, E>>,
    permit: Option<Permit>,
}

impl<R: Runtime, Q, T, E> Pass<R, Q, T, E> {
    fn settle(mut self, outcome: &Outcome<T, E>) {
        let Some(permit) = self.permit.take() else { return };
        let class = health(&*self.layer.classify, outcome, self.layer.count_local);
        let now = self.layer.world.now();
        self.layer.event(|core, stream| match class {
            Class::Success => core.on_success(now, permit, stream),
            Class::Failure { overload, .. } => core.on_failure(now, permit, overload, stream),
            Class::Ignore => core.on_abandoned(permit),
        });
    }
}

impl<R: Runtime, Q, T, E> Drop for Pass<R, Q, T, E> {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            self.layer.event(|core, _| core.on_abandoned(permit));
        }
    }
}
