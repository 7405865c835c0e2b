use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::{Runtime, Time};

use super::{Dagor, DagorConfig};
use crate::call::{Baggage, BoxFuture, Call, Outcome, Rejection, Request};
use crate::config::assert_checked;
use crate::env::{Env, refuse};
use crate::observe::{Level, Observe, Signal};
use crate::sync::{Shown, lock};

/// Is told how long requests wait in a queue.
pub trait OnWait: Send + Sync {
    /// A request has waited for `wait`, and its work begins at `now`.
    fn on_wait(&self, now: Time, wait: Duration);
}

/// Refuses the less important requests under overload.
///
/// Somebody behind it must tell how long requests wait: a [`QueueLayer`](super::QueueLayer), or
/// whatever else holds them until a worker is free.
pub struct DagorLayer<R, Q, T, E> {
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    gauge: Arc<WaitGauge>,
}

impl<R, Q, T, E> fmt::Debug for DagorLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DagorLayer")
            .field("core", &self.gauge)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

/// The part of a [`DagorLayer`] that learns of waits. Made before it, as the queue that tells lies
/// behind it.
pub struct WaitGauge(Mutex<Dagor>);

impl fmt::Debug for WaitGauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown(&self.0, |core| core).fmt(f)
    }
}

impl WaitGauge {
    /// For one layer.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(config: DagorConfig) -> Arc<Self> {
        assert_checked(config.check());
        Arc::new(Self(Mutex::new(Dagor::new(config))))
    }
}

impl OnWait for WaitGauge {
    fn on_wait(&self, now: Time, wait: Duration) {
        lock(&self.0).on_wait(now, wait);
    }
}

impl<R: Runtime, Q, T, E> DagorLayer<R, Q, T, E> {
    /// A shedder before `inner` that goes by what `gauge` is told.
    pub fn new(
        gauge: Arc<WaitGauge>,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        Arc::new(Self { world: env.world, observe: env.observe, inner, gauge })
    }

    fn admit(&self, now: Time, baggage: &Baggage) -> Result<(), Rejection> {
        // The half of a trace id that is random, by W3C Trace Context.
        let user = baggage.trace.0 as u64;
        let (admission, refused) = {
            let mut core = lock(&self.gauge.0);
            (core.on_call(now, baggage.priority, user), core.poll_refused())
        };
        if let Some(share) = refused {
            self.observe.signal(now, &Signal::Level(Level::REFUSED, share));
        }
        admission
    }
}

impl<R, Q, T, E> Call<Q, T, E> for DagorLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = self.world.now();
        match self.admit(now, &request.context().baggage) {
            Ok(()) => Arc::clone(&self.inner).call(request),
            Err(rejection) => refuse(&*self.observe, now, rejection),
        }
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
