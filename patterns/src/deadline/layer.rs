use std::sync::Arc;

use cascadia_runtime::Runtime;

use super::{DeadlineConfig, expired};
use crate::call::{BoxFuture, Call, Layer, Outcome, Reason, Rejection, Request};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::Observe;

/// Rejects what has expired on arrival.
pub struct DeadlineLayer<R, Q, T, E> {
    config: DeadlineConfig,
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
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

impl<R, Q, T, E> Call<Q, T, E> for DeadlineLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = self.world.now();
        if expired(now + self.config.min_remaining, request.context()) {
            let rejection = Rejection {
                by: Layer::Deadline,
                reason: Reason::Expired,
                retry_after: None,
                safe_to_retry: false,
            };
            return refuse(&*self.observe, now, rejection);
        }
        let deadline = &mut request.context_mut().deadline;
        *deadline = deadline.map(|deadline| deadline - self.config.hop_margin);
        Arc::clone(&self.inner).call(request)
    }
}
