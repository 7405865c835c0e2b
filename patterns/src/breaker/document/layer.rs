use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Time};

use super::{DocumentBreaker, DocumentConfig};
use crate::breaker::Transition;
use crate::call::{BoxFuture, Call, Class, Classify, Outcome, Request, Status, health};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::{BreakerState, Observe, Signal};
use crate::sync::{Shown, lock};

/// Refuses calls by the rules of the breaker of introductions.
pub struct DocumentLayer<R, Q, T, E> {
    world: R,
    classify: Arc<dyn Classify<T, E>>,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    core: Mutex<DocumentBreaker>,
}

impl<R, Q, T, E> fmt::Debug for DocumentLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentLayer")
            .field("core", &Shown(&self.core, |core| core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R: Runtime, Q, T, E> DocumentLayer<R, Q, T, E> {
    /// Such a breaker before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: DocumentConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let Env { world, classify, observe, .. } = env;
        let core = Mutex::new(DocumentBreaker::new(config));
        Arc::new(Self { world, classify, observe, inner, core })
    }

    /// Its state.
    pub fn state(&self) -> BreakerState {
        lock(&self.core).state()
    }

    fn event<O>(&self, event: impl FnOnce(&mut DocumentBreaker) -> O) -> O {
        let (output, transition) = {
            let mut core = lock(&self.core);
            (event(&mut core), core.poll_transition())
        };
        if let Some(Transition { from, to }) = transition {
            self.observe.signal(self.world.now(), &Signal::Breaker { from, to });
        }
        output
    }

    fn settle(&self, outcome: &Outcome<T, E>) {
        let now = self.world.now();
        match health(&*self.classify, outcome, false) {
            Class::Success => self.event(DocumentBreaker::on_success),
            Class::Failure { .. } => self.event(|core| core.on_failure(now)),
            Class::Ignore => {}
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for DocumentLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = self.world.now();
        if let Err(rejection) = self.event(|core| core.on_call(now)) {
            return refuse(&*self.observe, now, rejection);
        }
        let call = Arc::clone(&self.inner).call(request);
        Box::pin(async move {
            let outcome = call.await;
            self.settle(&outcome);
            outcome
        })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn status(&self, now: Time) -> Status {
        match lock(&self.core).status(now) {
            Status::Ready => self.inner.status(now),
            rests @ Status::Rests { .. } => rests,
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
