use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call};

use crate::exchange::{Answer, Content, Request, Route, ServiceError};
use crate::ids::ServiceId;
use crate::tries::Tries;
use crate::world::World;

/// A way to somebody who wants to know when no try of a request is left.
struct Counted {
    tries: Arc<dyn Tries>,
    inner: Route,
}

/// The same way, on which requests are counted if whoever is called wants that.
pub(super) fn counted(world: &World, to: ServiceId, route: Route) -> Route {
    match world.tries(to) {
        None => route,
        Some(tries) => Arc::new(Counted { tries, inner: route }),
    }
}

impl Call<Request, Content, ServiceError> for Counted {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        Arc::clone(&self.inner).call(request.counted(&self.tries))
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        Some(&*self.inner)
    }
}
