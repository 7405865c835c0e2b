use std::fmt;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};

use super::DeadlineConfig;
use crate::call::{BoxFuture, Call, Failure, Layer, Outcome, Reason, Rejection, Request};
use crate::config::assert_checked;
use crate::env::Env;
use crate::observe::{Observe, Signal};

/// Rejects what has expired on arrival, and again where it is asked.
pub struct DeadlineLayer<R, Q, T, E> {
    config: DeadlineConfig,
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
}

impl<R, Q, T, E> fmt::Debug for DeadlineLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadlineLayer")
            .field("config", &self.config)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R, Q, T, E> DeadlineLayer<R, Q, T, E> {
    /// A deadline check before `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: DeadlineConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        Arc::new(Self { config, world: env.world, observe: env.observe, inner })
    }
}

impl<R: Runtime, Q, T, E> DeadlineLayer<R, Q, T, E> {
    /// The check again, for a server to make when it takes a request from the queue behind the
    /// layer. `deadline` is what the layer handed on; returns what it was before the layer, for the
    /// one around this. The margin must be left too, as without it the work has no time at all.
    ///
    /// # Errors
    ///
    /// The refusal of what has waited too long. It is reported like one on arrival.
    pub fn check_again(&self, deadline: Option<Time>) -> Result<Option<Time>, Rejection> {
        let DeadlineConfig { min_remaining, hop_margin } = self.config;
        let before = deadline.map(|deadline| deadline + hop_margin);
        self.check(before, min_remaining.max(hop_margin))?;
        Ok(before)
    }

    fn check(&self, deadline: Option<Time>, least: Duration) -> Result<(), Rejection> {
        let now = self.world.now();
        if deadline.is_none_or(|deadline| now + least <= deadline) {
            return Ok(());
        }
        let rejection = Rejection::new(Layer::DEADLINE, Reason::EXPIRED).for_good();
        self.observe.signal(now, &Signal::Rejected(&rejection));
        Err(rejection)
    }
}

impl<R, Q, T, E> Call<Q, T, E> for DeadlineLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        if let Err(rejection) =
            self.check(request.context().baggage.deadline, self.config.min_remaining)
        {
            return Box::pin(ready(Err(Failure::Rejected(rejection))));
        }
        let deadline = &mut request.context_mut().baggage.deadline;
        *deadline = deadline.map(|deadline| deadline - self.config.hop_margin);
        Arc::clone(&self.inner).call(request)
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
