use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call};
use cascadia_patterns::fallback::{Chain, FallbackLayer};

use super::{FallbackStep, LayerKind, Site};
use crate::draws::Purpose;
use crate::exchange::{Answer, Content, Request, Route, ServiceError};
use crate::ids::EndpointId;

/// What calls turn to that fail: steps in their order.
#[derive(Clone, Debug)]
pub struct FallbackPlan(pub Vec<FallbackStep>);

impl LayerKind for FallbackPlan {
    fn kind(&self) -> &'static str {
        "fallback"
    }

    fn fallbacks(&self) -> &[FallbackStep] {
        &self.0
    }

    fn build(&self, site: Site<'_>, inner: Route) -> Route {
        FallbackLayer::new(site.env(), inner, chain(&self.0, &site))
    }
}

/// The steps, as seen from the caller.
fn chain(steps: &[FallbackStep], site: &Site<'_>) -> Chain<Request, Content, ServiceError> {
    let empty = Chain::new(|content: &mut Content| content.degraded = true);
    steps.iter().zip(1..).fold(empty, |chain, (step, number)| match step {
        FallbackStep::Default => chain.default(|_| Content::default()),
        FallbackStep::Call { service, endpoint, policy, config } => {
            let (route, safe) = site.aside(number, (*service, *endpoint, *policy));
            let other =
                Other { route, endpoint: *endpoint, safe, purpose: Purpose::Fallback(number) };
            chain.call(*config, Arc::new(other))
        }
    })
}

/// Asks another endpoint in place of the one that was asked.
struct Other {
    route: Route,
    endpoint: EndpointId,
    safe: bool,
    /// Of the key of what it asks.
    purpose: Purpose,
}

impl Call<Request, Content, ServiceError> for Other {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let baggage = request.context.baggage.for_another(self.safe);
        let key = cascadia_runtime::mix(request.key, self.purpose.tag());
        let other = Request::new(baggage, (self.endpoint, key), request.origin, request.parent);
        // Who waits for a connection further out waits for this one now.
        Arc::clone(&self.route).call(Request { accepted: request.accepted, ..other })
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        Some(&*self.route)
    }
}
