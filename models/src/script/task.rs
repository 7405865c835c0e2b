use std::sync::Arc;

use cascadia_patterns::call::{Baggage, BoxFuture, TraceId};
use cascadia_runtime::Draw;

use super::member::Member;
use super::pace::Pace;
use super::seen::Seen;
use crate::draws::Purpose;
use crate::exchange::{Answer, Exchange, Request, Route};
use crate::ids::EndpointId;
use crate::laws::Law;

/// What holds for all work of a service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Its calls have the deadline of the request that they are made for.
    pub(crate) forward_deadline: bool,
    /// Its calls carry the trace of the request that they are made for.
    pub(crate) forwards_trace: bool,
    /// A fault stretches work in progress.
    pub(crate) stretches: bool,
}

/// Who works.
pub(crate) trait ScriptHost: Send + Sync {
    /// How fast.
    fn pace(&self) -> &Pace;

    /// What calls from site number `site` go through.
    fn route(&self, site: usize) -> Route;

    /// What it keeps with others, if it is of a store.
    fn member(&self) -> Option<Member<'_>>;
}

/// The work on a request, as its script sees it.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) exchange: &'a Arc<Exchange>,
    pub(super) host: &'a dyn ScriptHost,
    pub(super) rules: Rules,
    pub(super) seen: &'a Seen,
}

/// What a step draws for a request.
pub(super) fn draw(exchange: &Exchange, step: u64) -> Draw {
    Draw::new(exchange.key, Purpose::Step(step).tag(), 0)
}

impl<'a> Task<'a> {
    pub(super) fn work(&self, step: u64, law: &Law) -> impl Future<Output = ()> + Send + use<'a> {
        self.work_of(law, draw(self.exchange, step))
    }

    /// Work of a law, by what is drawn for it.
    pub(super) fn work_of(
        &self,
        law: &Law,
        mut draw: Draw,
    ) -> impl Future<Output = ()> + Send + use<'a> {
        self.host.pace().work(law.sample(&mut draw), self.rules.stretches)
    }

    /// What the request calls belongs to its trace. Where that is not handed on, whoever is called
    /// begins another, which tells as little of the user's request as its key.
    fn trace(&self, step: u64) -> TraceId {
        let trace = self.exchange.request.context.baggage.trace;
        if self.rules.forwards_trace {
            return trace;
        }
        let high = trace.0 & !u128::from(u64::MAX);
        TraceId(
            high | u128::from(cascadia_runtime::mix(self.exchange.key, Purpose::Trace(step).tag())),
        )
    }

    pub(super) fn call(
        &self,
        step: u64,
        site: usize,
        endpoint: EndpointId,
        safe: bool,
    ) -> BoxFuture<Answer> {
        let request = self.request(step, Purpose::Call(step), endpoint, safe);
        self.host.route(site).call(request)
    }

    /// What is asked of somebody else.
    pub(super) fn request(
        &self,
        step: u64,
        purpose: Purpose,
        endpoint: EndpointId,
        safe: bool,
    ) -> Request {
        let request = &self.exchange.request;
        let inbound = &request.context.baggage;
        let baggage = Baggage {
            trace: self.trace(step),
            deadline: inbound.deadline.filter(|_| self.rules.forward_deadline),
            depth: inbound.depth.saturating_add(1),
            ..inbound.for_another(safe)
        };
        let key = cascadia_runtime::mix(self.exchange.key, purpose.tag());
        let parent = Some(Arc::clone(self.exchange));
        Request::new(baggage, (endpoint, key), request.origin, parent)
    }
}
