use std::fmt;
use std::future::{poll_fn, ready};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use cascadia_runtime::{Runtime, Time};

use super::TimeoutConfig;
use crate::call::{BoxFuture, Call, Context, Failure, Layer, Outcome, Request};
use crate::config::assert_checked;
use crate::env::Env;
use crate::observe::{Observe, Signal};

/// Ends a call at its deadline.
pub struct TimeoutLayer<R, Q, T, E> {
    config: TimeoutConfig,
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
}

impl<R, Q, T, E> fmt::Debug for TimeoutLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeoutLayer")
            .field("config", &self.config)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R, Q, T, E> TimeoutLayer<R, Q, T, E> {
    /// A timeout around `inner`.
    ///
    /// # Panics
    ///
    /// When `config` does not pass its check.
    pub fn new(
        config: TimeoutConfig,
        env: Env<R, T, E>,
        inner: Arc<dyn Call<Q, T, E>>,
    ) -> Arc<Self> {
        assert_checked(config.check());
        Arc::new(Self { config, world: env.world, observe: env.observe, inner })
    }
}

impl<R: Runtime, Q, T, E> TimeoutLayer<R, Q, T, E> {
    fn timed_out(&self, by: Layer) -> Outcome<T, E> {
        self.observe.signal(self.world.now(), &Signal::TimedOut);
        Err(Failure::TimedOut(by))
    }
}

impl<R, Q, T, E> Call<Q, T, E> for TimeoutLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        let now = self.world.now();
        let own = now + self.config.after;
        let Context { baggage, attempt } = request.context_mut();
        let deadline = match baggage.deadline {
            Some(inherited) if attempt.takes_rest => inherited,
            Some(inherited) => inherited.min(own),
            None => own,
        };
        baggage.deadline = Some(deadline);
        if now > deadline {
            // Nothing is sent, so this tells nothing of the server.
            return Box::pin(ready(self.timed_out(Layer::DEADLINE)));
        }
        let mut call = Arc::clone(&self.inner).call(request);
        if deadline == Time::MAX {
            return call;
        }
        Box::pin(async move {
            let mut timer = pin!(self.world.deadline(deadline));
            poll_fn(|context| match call.as_mut().poll(context) {
                Poll::Pending => {
                    timer.as_mut().poll(context).map(|()| self.timed_out(Layer::TIMEOUT))
                }
                ended => ended,
            })
            .await
        })
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
