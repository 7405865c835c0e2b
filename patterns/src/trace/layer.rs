use std::fmt;
use std::sync::{Arc, Mutex};

use cascadia_runtime::{Runtime, Stream};

use super::TraceConfig;
use crate::call::{Baggage, BoxFuture, Call, Outcome, Request, SpanId, TraceId};
use crate::env::Env;
use crate::observe::{Observe, Signal};
use crate::sync::lock;

/// Begins or continues a trace, and gives every call an id of its own.
pub struct TraceLayer<R, Q, T, E> {
    config: TraceConfig,
    world: R,
    observe: Arc<dyn Observe>,
    inner: Arc<dyn Call<Q, T, E>>,
    stream: Mutex<Stream>,
}

impl<R, Q, T, E> fmt::Debug for TraceLayer<R, Q, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceLayer")
            .field("config", &self.config)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<R: Runtime, Q, T, E> TraceLayer<R, Q, T, E> {
    /// Spans around the calls of `inner`.
    pub fn new(config: TraceConfig, env: Env<R, T, E>, inner: Arc<dyn Call<Q, T, E>>) -> Arc<Self> {
        let Env { world, observe, stream, .. } = env;
        Arc::new(Self { config, world, observe, inner, stream: Mutex::new(stream) })
    }

    /// Gives the request an id of its own. Returns the one that it had.
    fn enter(&self, baggage: &mut Baggage) -> SpanId {
        let stream = &mut *lock(&self.stream);
        if self.config.restart || baggage.trace.0 == 0 {
            baggage.trace = TraceId(u128::from(id(stream)) << 64 | u128::from(id(stream)));
            (baggage.span, baggage.sampled) = (SpanId(0), self.config.sampled);
        }
        std::mem::replace(&mut baggage.span, SpanId(id(stream)))
    }
}

/// Never zero, which is no id.
fn id(stream: &mut Stream) -> u64 {
    stream.next_u64().max(1)
}

impl<R, Q, T, E> Call<Q, T, E> for TraceLayer<R, Q, T, E>
where
    R: Runtime,
    Q: Request,
    T: Send + 'static,
    E: Send + 'static,
{
    fn call(self: Arc<Self>, mut request: Q) -> BoxFuture<Outcome<T, E>> {
        let baggage = &mut request.context_mut().baggage;
        let parent = self.enter(baggage);
        let Baggage { trace, span, .. } = *baggage;
        self.observe.signal(self.world.now(), &Signal::Span { trace, span, parent });
        Arc::clone(&self.inner).call(request)
    }

    fn inner(&self) -> Option<&dyn Call<Q, T, E>> {
        Some(&*self.inner)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
