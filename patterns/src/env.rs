//! What every layer is built with.

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use cascadia_runtime::{Stream, Time};

use crate::call::{BoxFuture, Classify, DefaultClassifier, Failure, Outcome, Rejection};
use crate::observe::{Observe, Signal};

/// What a layer is built with besides its configuration.
pub struct Env<R, T, E> {
    /// The world the layer runs in.
    pub world: R,
    /// Judges the outcomes.
    pub classify: Arc<dyn Classify<T, E>>,
    /// Is told what the layer does.
    pub observe: Arc<dyn Observe>,
    /// The layer's own randomness; in production, [from entropy](Stream::from_entropy).
    pub stream: Stream,
}

impl<R, T, E> fmt::Debug for Env<R, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").field("stream", &self.stream).finish_non_exhaustive()
    }
}

impl<R, T, E> Env<R, T, E> {
    /// An environment with the default classifier that nobody observes.
    pub fn new(world: R, stream: Stream) -> Self {
        Self { world, classify: Arc::new(DefaultClassifier), observe: Arc::new(()), stream }
    }
}

/// Reports a rejection and makes it the outcome.
pub(crate) fn reject<E>(observe: &dyn Observe, now: Time, rejection: Rejection) -> Failure<E> {
    observe.signal(now, &Signal::Rejected(&rejection));
    Failure::Rejected(rejection)
}

/// Reports a rejection and makes it the whole of a call.
pub(crate) fn refuse<T, E>(
    observe: &dyn Observe,
    now: Time,
    rejection: Rejection,
) -> BoxFuture<Outcome<T, E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    Box::pin(ready(Err(reject(observe, now, rejection))))
}
