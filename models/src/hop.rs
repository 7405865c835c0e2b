//! A hop: a message there, a message back.
//!
//! A call to another node is never a nested await. The request is delivered to the target, which
//! works on it as its own task; the caller holds only its end of the [`Exchange`]. A caller that
//! stops waiting sends a cancel message, which travels like any other; what the target does
//! with it is the target's business.

use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Failure};
use cascadia_runtime::Runtime;

use crate::exchange::{Exchange, Way, wait};
use crate::model::Model;
use crate::network::{Message, Wire};
use crate::request::{Answer, Content, Request, ServiceError};
use crate::service::{Job, Replica};

/// The way from one caller to one replica: the innermost end of a policy stack.
pub(crate) struct Hop {
    pub(crate) model: Arc<Model>,
    pub(crate) wire: Wire,
}

impl Call<Request, Content, ServiceError> for Hop {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        if request.is_own() || request.is_again() {
            self.model.load(request.origin.load).tried(request.origin.sent);
        }
        let exchange = Exchange::new(request, Way::Far(self));
        send(&exchange, Message::Request, |hop, exchange| {
            hop.target().arrive(&hop.model, Job::new(Arc::clone(exchange), hop.model.now()));
        });
        wait(exchange)
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        None
    }
}

impl Hop {
    fn target(&self) -> &Replica {
        self.model.replica(self.wire.to())
    }
}

/// Sends the answer of an exchange.
pub(crate) fn send_answer(exchange: &Arc<Exchange>, answer: Answer) {
    let answer = answer.map_err(Failure::from_peer);
    send(exchange, Message::Answer, |_, exchange| exchange.fill(answer));
}

/// Tells the caller of an exchange that the work has begun, which is the end of its other copies.
pub(crate) fn send_begun(exchange: &Arc<Exchange>) {
    send(exchange, Message::Begun, |_, exchange| exchange.begun());
}

/// Tells the target of an exchange that the caller has gone.
pub(crate) fn send_cancel(exchange: &Arc<Exchange>) {
    send(exchange, Message::Cancel, |hop, exchange| hop.target().cancel(&hop.model, exchange));
}

/// Sends a message: delivered at once where there is no latency, never where it is lost.
fn send(
    exchange: &Arc<Exchange>,
    message: Message,
    deliver: impl FnOnce(&Hop, &Arc<Exchange>) + 'static,
) {
    let Way::Far(hop) = &exchange.way else { return };
    let Some(delay) = hop.model.network.delay(&hop.wire, message, exchange.key) else { return };
    if delay == 0 && message != Message::Cancel {
        return deliver(hop, exchange);
    }
    let (sim, exchange) = (hop.model.sim, Arc::clone(exchange));
    sim.at(sim.now().after(delay), move || {
        if let Way::Far(hop) = &exchange.way {
            deliver(hop, &exchange);
        }
    });
}
