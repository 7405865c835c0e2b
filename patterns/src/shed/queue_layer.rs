use std::fmt;
use std::sync::Arc;

use cascadia_runtime::{Runtime, Time};

use super::queue::{Admission, Queue};
use super::{OnWait, QueueConfig};
use crate::call::{BoxFuture, Call, Outcome, Request};
use crate::config::assert_checked;
use crate::env::{Env, refuse, reject};
use crate::gate::Gate;
use crate::observe::Observe;

/// Bounds the calls under way, queues the others, and sheds from the queue.
pub struct QueueLayer<R, Q, T, E> {
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    gate: Arc<Gate<R, Queue>>,
    waits: Option<Arc<dyn OnWait>>,
}

impl<R, Q, T, E> fmt::Debug for QueueLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueLayer")
            .field("core", &self.gate)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R: Runtime, Q, T, E> QueueLayer<R, Q, T, E> {
    /// A queue before `inner`, that tells `waits` how long calls wait in it.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: QueueConfig,
        waits: Option<Arc<dyn OnWait>>,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        let gate = Gate::new(env.world, Queue::new(config));
        Arc::new(Self { observe: env.observe, inner, gate, waits })
    }

    /// Calls that hold a permit.
    pub fn in_flight(&self) -> u32 {
        self.gate.with(|core| core.in_flight())
    }

    /// Calls that wait for a permit.
    pub fn waiting(&self) -> u32 {
        self.gate.with(|core| core.waiting())
    }

    /// A call leaves the queue, or needs none.
    fn left(&self, came: Time) {
        if let Some(waits) = &self.waits {
            let now = self.gate.world.now();
            waits.on_wait(now, now.since(came));
        }
    }
}

impl<R, Q, T, E> Call<Q, T, E> for QueueLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let came = self.gate.world.now();
        match self.gate.with(|core| core.on_call(came)) {
            Admission::Rejected(rejection) => refuse(&*self.observe, came, rejection),
            Admission::Granted => {
                let permit = self.gate.permit(0);
                self.left(came);
                permit.hold(Arc::clone(&self.inner).call(request))
            }
            Admission::Queued(ticket) => {
                let turn = self.gate.turn(0, ticket);
                Box::pin(async move {
                    match turn.await {
                        Ok(_permit) => {
                            self.left(came);
                            Arc::clone(&self.inner).call(request).await
                        }
                        Err(rejection) => {
                            Err(reject(&*self.observe, self.gate.world.now(), rejection))
                        }
                    }
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
