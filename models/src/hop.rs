//! A hop: a message there, a message back.
//!
//! A call to another node is never a nested await. The request is delivered to the target, which
//! works on it as its own task; the caller holds only its end of the [`Exchange`]. A caller that
//! stops waiting sends a cancel message, which travels like any other; what the target does
//! with it is the target's business.

use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Failure};
use cascadia_runtime::Runtime as _;

use crate::exchange::{Answer, Content, Exchange, Origin, Peer, Request, ServiceError, wait};
use crate::measure::Count;
use crate::network::{Message, Wire};
use crate::world::{Body, Component, World};

/// The way from one caller to one replica: the innermost end of a policy stack.
pub(crate) struct Hop {
    pub(crate) world: Arc<World>,
    pub(crate) wire: Wire,
    pub(crate) target: Arc<dyn Component>,
}

impl Call<Request, Content, ServiceError> for Hop {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        if request.is_own() || request.is_again() {
            let Origin { load, sent } = request.origin;
            self.world.load(load).borrow_mut().count(Count::Attempts, sent);
        }
        let exchange = Exchange::far(request, Arc::clone(&self) as _);
        let target = Arc::clone(&self.target);
        self.send(&exchange, Message::Request, |exchange| {
            target.receive(Body::Request(Arc::clone(exchange)));
        });
        wait(self.world.sim, exchange)
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        None
    }
}

impl Peer for Hop {
    fn answer(&self, exchange: &Arc<Exchange>, answer: Answer) {
        let answer = answer.map_err(Failure::from_peer);
        self.send(exchange, Message::Answer, |exchange| exchange.fill(answer));
    }

    /// It is the end of the other copies, if there are any.
    fn begun(&self, exchange: &Arc<Exchange>) {
        if exchange.request.context.tie.is_some() {
            self.send(exchange, Message::Begun, |exchange| exchange.begun());
        }
    }

    fn cancelled(&self, exchange: &Arc<Exchange>) {
        let target = Arc::clone(&self.target);
        self.send(exchange, Message::Cancel, |exchange| {
            target.receive(Body::Cancel(Arc::clone(exchange)));
        });
    }
}

impl Hop {
    /// Sends a message: delivered at once where there is no latency, never where it is lost.
    fn send(
        &self,
        exchange: &Arc<Exchange>,
        message: Message,
        deliver: impl FnOnce(&Arc<Exchange>) + 'static,
    ) {
        let World { sim, network, .. } = &*self.world;
        let Some(delay) = network.delay(&self.wire, message, exchange.key) else { return };
        if delay == 0 && message != Message::Cancel {
            return deliver(exchange);
        }
        let exchange = Arc::clone(exchange);
        sim.at(sim.now().after(delay), move || deliver(&exchange));
    }
}
