//! What is around the layers of a stack where somebody wants to know what they do.

use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call};

use crate::exchange::{Answer, Content, Request, Route, ServiceError};
use crate::trace::{End, Tracer, What};
use crate::world::World;

/// A part of a stack that is followed.
struct Around {
    tracer: Arc<Tracer>,
    what: What,
    inner: Route,
}

/// The same route, followed as `what` if anybody is.
pub(crate) fn followed(world: &World, what: impl FnOnce() -> What, route: Route) -> Route {
    match &world.tracer {
        None => route,
        Some(tracer) => Arc::new(Around { tracer: Arc::clone(tracer), what: what(), inner: route }),
    }
}

impl Call<Request, Content, ServiceError> for Around {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let inner = Arc::clone(&self.inner);
        match self.tracer.begin(self.what.clone(), &request) {
            None => inner.call(request),
            Some(span) => self.tracer.follow(span, End::of, || inner.call(request)),
        }
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        Some(&*self.inner)
    }
}
