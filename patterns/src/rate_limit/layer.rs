use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Time};

use super::{Decision, RateLimit, RateLimitConfig, Reservation};
use crate::call::{BoxFuture, Call, Outcome, Rejection, Request};
use crate::config::assert_checked;
use crate::env::{Env, reject};
use crate::observe::Observe;
use crate::sync::lock;

/// Lets so many calls pass in so much time.
pub struct RateLimitLayer<R, Q, T, E> {
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    core: Mutex<RateLimit>,
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

    /// Waits for the turn of a call.
    async fn pass(&self, deadline: Time) -> Result<(), Rejection> {
        let decision = lock(&self.core).on_call(self.world.now(), 1, deadline);
        match decision {
            Decision::Granted => Ok(()),
            Decision::Rejected(rejection) => Err(rejection),
            Decision::Reserved(reservation) => {
                let at = reservation.at();
                let mut turn = Turn { layer: self, reservation: Some(reservation) };
                self.world.sleep_until(at).await;
                turn.reservation = None;
                Ok(())
            }
        }
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
        Box::pin(async move {
            let deadline = request.context().deadline.unwrap_or(Time::MAX);
            if let Err(rejection) = self.pass(deadline).await {
                return Err(reject(&*self.observe, self.world.now(), rejection));
            }
            Arc::clone(&self.inner).call(request).await
        })
    }
}

/// A call that waits for its turn; dropped, it gives it back.
struct Turn<'a, R: Runtime, Q, T, E> {
    layer: &'a RateLimitLayer<R, Q, T, E>,
    reservation: Option<Reservation>,
}

impl<R: Runtime, Q, T, E> Drop for Turn<'_, R, Q, T, E> {
    fn drop(&mut self) {
        if let Some(reservation) = self.reservation.take() {
            lock(&self.layer.core).on_cancelled(self.layer.world.now(), reservation);
        }
    }
}
