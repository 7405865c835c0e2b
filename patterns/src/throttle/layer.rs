use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream};

use super::{Sent, Throttle, ThrottleConfig};
use crate::call::{BoxFuture, Call, Class, Classify, Outcome, Rejection, Request};
use crate::config::assert_checked;
use crate::env::{Env, reject};
use crate::observe::{Level, Observe, Signal};
use crate::sync::lock;

/// Refuses what would be refused anyway.
pub struct ThrottleLayer<R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    state: Mutex<State>,
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
        let state = Mutex::new(State { core: Throttle::new(config), stream: env.stream });
        let Env { world, classify, observe, .. } = env;
        Arc::new(Self { world, classify, observe, inner, state })
    }

    /// The share of calls that is refused now.
    pub fn refused(&self) -> f64 {
        lock(&self.state).core.refused(self.world.now())
    }

    fn admit(&self) -> Result<Pass<'_, R, Q, T, E>, Rejection> {
        let now = self.world.now();
        let (refused, admitted) = {
            let mut state = lock(&self.state);
            let State { core, stream } = &mut *state;
            (core.poll_refused(now), core.on_call(now, stream))
        };
        if let Some(refused) = refused {
            self.observe.signal(now, &Signal::Level(Level::Refused, refused));
        }
        admitted.map(|sent| Pass { layer: self, sent: Some(sent) })
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
        Box::pin(async move {
            let mut pass = match self.admit() {
                Ok(pass) => pass,
                Err(rejection) => {
                    return Err(reject(&*self.observe, self.world.now(), rejection));
                }
            };
            let outcome = Arc::clone(&self.inner).call(request).await;
            pass.settle(self.classify.classify(&outcome));
            outcome
        })
    }
}

/// A request on its way; dropped, it never was.
struct Pass<'a, R: Runtime, Q, T, E> {
    layer: &'a ThrottleLayer<R, Q, T, E>,
    sent: Option<Sent>,
}

impl<R: Runtime, Q, T, E> Pass<'_, R, Q, T, E> {
    fn settle(&mut self, class: Class) {
        if class == Class::Ignore {
            return;
        }
        let Some(sent) = self.sent.take() else { return };
        if class == Class::Success {
            lock(&self.layer.state).core.on_accepted(self.layer.world.now(), sent);
        }
    }
}

impl<R: Runtime, Q, T, E> Drop for Pass<'_, R, Q, T, E> {
    fn drop(&mut self) {
        if let Some(sent) = self.sent.take() {
            lock(&self.layer.state).core.on_abandoned(self.layer.world.now(), sent);
        }
    }
}
