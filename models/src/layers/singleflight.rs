use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call};
use cascadia_patterns::singleflight::{SingleflightConfig, SingleflightLayer};

use super::{Keyed, LayerKind, Site};
use crate::exchange::{Answer, Content, Request, Route, ServiceError};

/// Requests of a key share an answer where they ask the same endpoint.
impl LayerKind for Keyed<SingleflightConfig> {
    fn kind(&self) -> &'static str {
        "singleflight"
    }

    fn shares(&self) -> bool {
        true
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        let by = self.by.key();
        let key = move |request: &Request| u64::from(request.endpoint.0) << 32 | by(request);
        let inner = Arc::new(ForAll(inner));
        SingleflightLayer::new(self.config, Box::new(key), site.env(), inner)
    }
}

/// What is asked for all is not made for the call of the first, and goes on when that ends.
struct ForAll(Route);

impl Call<Request, Content, ServiceError> for ForAll {
    fn call(self: Arc<Self>, mut request: Request) -> BoxFuture<Answer> {
        if request.context.baggage.safe {
            request.parent = None;
        }
        Arc::clone(&self.0).call(request)
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        Some(&*self.0)
    }
}
