use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call};

use super::Hop;
use crate::component::Body;
use crate::exchange::{Answer, Content, Exchange, Peer, Request, Route, ServiceError, wait};
use crate::ids::SpanId;
use crate::network::MessageKind;
use crate::trace::{End, Tracer, What};

/// A hop whose requests are followed, if they are of those that somebody wants to know of.
struct Followed {
    hop: Arc<Hop>,
    tracer: Arc<Tracer>,
}

/// The same way, followed.
pub(super) fn hop(tracer: &Arc<Tracer>, hop: Arc<Hop>) -> Route {
    Arc::new(Followed { hop, tracer: Arc::clone(tracer) })
}

impl Call<Request, Content, ServiceError> for Followed {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let Some(span) = self.tracer.begin(self.attempt(&request), &request) else {
            return Arc::clone(&self.hop).call(request);
        };
        let hop = &self.hop;
        let carrier = Carrier { hop: Arc::clone(hop), tracer: Arc::clone(&self.tracer), span };
        let exchange = hop.begin(request, Arc::new(carrier));
        self.tracer.follow(span, End::of, || {
            hop.send(&exchange, (MessageKind::Request, ""), self.deliver(&exchange, span));
            wait(hop.world.sim, exchange)
        })
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        None
    }
}

impl Followed {
    fn attempt(&self, request: &Request) -> What {
        let attempt = &request.context.attempt;
        What::Attempt { to: self.hop.to, copy: attempt.copy }
    }

    /// What delivers an exchange to the target, and notes that it arrives where somebody hears of it.
    fn deliver(
        &self,
        exchange: &Exchange,
        span: SpanId,
    ) -> impl FnOnce(&Arc<Exchange>) + 'static + use<> {
        let deliver = self.hop.deliver(exchange, Body::Request);
        let (tracer, target) = (Arc::clone(&self.tracer), Arc::clone(&self.hop.target));
        move |exchange| {
            if target.is_there() || target.refuses() {
                tracer.arrived(span);
            }
            deliver(exchange);
        }
    }
}

/// Who brought a request that is followed.
struct Carrier {
    hop: Arc<Hop>,
    tracer: Arc<Tracer>,
    span: SpanId,
}

impl Peer for Carrier {
    fn answer(&self, exchange: &Arc<Exchange>, answer: Answer) {
        self.tracer.answered(self.span);
        self.hop.answer(exchange, answer);
    }

    fn begun(&self, exchange: &Arc<Exchange>) {
        self.tracer.begun(self.span);
        self.hop.begun(exchange);
    }

    fn cancelled(&self, exchange: &Arc<Exchange>) {
        self.hop.cancelled(exchange);
    }

    fn span(&self) -> Option<SpanId> {
        Some(self.span)
    }
}
