use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Context};
use cascadia_patterns::fallback::Chain;

use super::Builder;
use crate::plan::{EndpointId, FallbackStep};
use crate::request::{Answer, Content, Request, Route, ServiceError};

/// Told apart from the draws of the call that failed.
const FALLBACK: u64 = 4 << 48;

impl Builder<'_> {
    /// The steps of the fallback in place `index` of the stack on the way to `target`, as seen from
    /// the caller.
    pub(super) fn chain(
        &self,
        steps: &[FallbackStep],
        index: usize,
        target: &str,
    ) -> Chain<Request, Content, ServiceError> {
        let place = self.place(index);
        let apart = if self.repeated { format!(" → {target}") } else { String::new() };
        let empty = Chain::new(|content: &mut Content| content.degraded = true);
        steps.iter().zip(1..).fold(empty, |chain, (step, number)| match step {
            FallbackStep::Default => chain.default(|_| Content::default()),
            FallbackStep::Call { service, endpoint, policy, config } => {
                let plan = &self.model.plan;
                let name = &plan.services[service.0 as usize].name;
                let own = format!("{}{place} fallback {number}", self.policy);
                let builder = Builder {
                    stack: *policy,
                    policy: &own,
                    apart: &apart,
                    way: format!("→ {name}"),
                    ambiguous: true,
                    ..*self
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
