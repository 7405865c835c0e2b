use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream, Time};

use super::{Sent, Throttle, ThrottleConfig};
use crate::call::{BoxFuture, Call, Class, Classify, Outcome, Rejection, Request, health};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::{Level, Observe, Signal};
use crate::sync::{Shown, lock};

/// Refuses what would be refused anyway.
pub struct ThrottleLayer<R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    count_local: bool,
    inner: Arc<dyn Call<Q, T, E>>,
    state: Mutex<State>,
}

impl<R, Q, T, E> fmt::Debug for ThrottleLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThrottleLayer")
            .field("core", &Shown(&self.state, |state| &state.core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

struct State {
    core: Throttle,
    stream: Stream,
}

impl<R: Runtime, Q, T, E> ThrottleLayer<R, Q, T, E> {
    /// A throttle before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: ThrottleConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let count_local = config.count_local;
        let state = Mutex::new(State { core: Throttle::new(config), stream: env.stream });
        let Env { world, classify, observe, .. } = env;
        Arc::new(Self { world, classify, observe, count_local, inner, state })
    }

    /// The share of calls that is refused now.
    pub fn refused(&self) -> f64 {
        lock(&self.state).core.refused(self.world.now())
    }

    fn admit(&self, now: Time) -> Result<Sent, Rejection> {
        let (refused, admitted) = {
            let mut state = lock(&self.state);
            let State { core, stream } = &mut *state;
            (core.poll_refused(now), core.on_call(now, stream))
        };
        if let Some(refused) = refused {
            self.observe.signal(now, &Signal::Level(Level::REFUSED, refused));
        }
        admitted
    }
}

impl<R, Q, T, E> Call<Q, T, E> for ThrottleLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = self.world.now();
        let sent = match self.admit(now) {
            Ok(sent) => sent,
            Err(rejection) => return refuse(&*self.observe, now, rejection),
        };
        let pass = Pass { layer: self, sent: Some(sent) };
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

/// A request on its way; dropped, it never was.
struct Pass<R: Runtime, Q, T, E> {
    layer: Arc<ThrottleLayer<R, Q, T, E>>,
    sent: Option<Sent>,
}

impl<R: Runtime, Q, T, E> Pass<R, Q, T, E> {
    fn settle(mut self, outcome: &Outcome<T, E>) {
        let class = health(&*self.layer.classify, outcome, self.layer.count_local);
        if class == Class::Ignore {
            return;
        }
        let Some(sent) = self.sent.take() else { return };
        if class == Class::Success {
            lock(&self.layer.state).core.on_accepted(self.layer.world.now(), sent);
        }
    }
}

impl<R: Runtime, Q, T, E> Drop for Pass<R, Q, T, E> {
    fn drop(&mut self) {
        if let Some(sent) = self.sent.take() {
            lock(&self.layer.state).core.on_abandoned(self.layer.world.now(), sent);
        }
    }
}
