use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Context};
use cascadia_patterns::fallback::{Chain, FallbackConfig, FallbackLayer};

use crate::exchange::{Answer, Content, Request, Route, ServiceError};
use crate::plan::{EndpointId, LayerKind, ServiceId, StackId};
use crate::stack::{Builder, Site};

/// Told apart from the draws of the call that failed.
const FALLBACK: u64 = 4 << 48;

/// What calls turn to that fail: steps in their order.
#[derive(Clone, Debug)]
pub struct FallbackPlan(pub Vec<FallbackStep>);

/// A step of a chain of fallbacks.
#[derive(Clone, Copy, Debug)]
pub enum FallbackStep {
    /// An answer that is always at hand.
    Default,
    /// Another call. Its stack has neither retries nor fallbacks.
    Call {
        /// The service called.
        service: ServiceId,
        /// What it is asked.
        endpoint: EndpointId,
        /// The stack that the call passes.
        policy: Option<StackId>,
        /// What it may use up.
        config: FallbackConfig,
    },
}

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
    let caller = site.builder;
    let place = caller.place(site.index);
    let apart = if caller.repeated { format!(" → {}", site.target) } else { String::new() };
    let empty = Chain::new(|content: &mut Content| content.degraded = true);
    steps.iter().zip(1..).fold(empty, |chain, (step, number)| match step {
        FallbackStep::Default => chain.default(|_| Content::default()),
        FallbackStep::Call { service, endpoint, policy, config } => {
            let plan = &caller.world.plan;
            let name = &plan.services[service.0 as usize].name;
            let own = format!("{}{place} fallback {number}", caller.policy);
            let builder = Builder {
                stack: *policy,
                policy: &own,
                apart: &apart,
                way: format!("→ {name}"),
                ambiguous: true,
                ..*caller
            };
            let other = Other {
                route: builder.outbound(*service, name),
                endpoint: *endpoint,
                safe: plan.endpoint(*service, *endpoint).safe,
                step: FALLBACK | number,
            };
            chain.call(*config, Arc::new(other))
        }
    })
}

/// Asks another endpoint in place of the one that was asked.
struct Other {
    route: Route,
    endpoint: EndpointId,
    safe: bool,
    step: u64,
}

impl Call<Request, Content, ServiceError> for Other {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let context = Context { safe: self.safe, key: None, ..request.context.onward() };
        let key = cascadia_runtime::mix(request.key, self.step);
        Arc::clone(&self.route).call(Request { context, endpoint: self.endpoint, key, ..request })
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        Some(&*self.route)
    }
}
