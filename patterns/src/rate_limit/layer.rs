use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Time};

use super::{Decision, RateLimit, RateLimitConfig, Reservation};
use crate::call::{BoxFuture, Call, Outcome, Request};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::Observe;
use crate::sync::{Shown, lock};

/// Lets so many calls pass in so much time.
pub struct RateLimitLayer<R, Q, T, E> {
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    core: Mutex<RateLimit>,
}

impl<R, Q, T, E> fmt::Debug for RateLimitLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimitLayer")
            .field("core", &Shown(&self.core, |core| core))
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R: Runtime, Q, T, E> RateLimitLayer<R, Q, T, E> {
    /// A rate limit before `inner`. Everybody who shares the layer shares the limit.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: RateLimitConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let core = Mutex::new(RateLimit::new(config));
        Arc::new(Self { world: env.world, observe: env.observe, inner, core })
    }
}

impl<R, Q, T, E> Call<Q, T, E> for RateLimitLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let deadline = request.context().baggage.deadline.unwrap_or(Time::MAX);
        let now = self.world.now();
        let decision = lock(&self.core).on_call(now, 1, deadline);
        match decision {
            Decision::Granted => Arc::clone(&self.inner).call(request),
            Decision::Rejected(rejection) => refuse(&*self.observe, now, rejection),
            Decision::Reserved(reservation) => {
                let turn = Turn { layer: self, reservation: Some(reservation) };
                Box::pin(async move { turn.take().await.call(request).await })
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

/// A call that waits for its turn; dropped, it gives it back.
struct Turn<R: Runtime, Q, T, E> {
    layer: Arc<RateLimitLayer<R, Q, T, E>>,
    reservation: Option<Reservation>,
}

impl<R: Runtime, Q, T, E> Turn<R, Q, T, E> {
    /// Waits, and returns whom to call.
    async fn take(mut self) -> Arc<dyn Call<Q, T, E>> {
        if let Some(reservation) = &self.reservation {
            self.layer.world.sleep_until(reservation.at()).await;
        }
        self.reservation = None;
        Arc::clone(&self.layer.inner)
    }
}

impl<R: Runtime, Q, T, E> Drop for Turn<R, Q, T, E> {
    fn drop(&mut self) {
        if let Some(reservation) = self.reservation.take() {
            lock(&self.layer.core).on_cancelled(self.layer.world.now(), reservation);
        }
    }
}
