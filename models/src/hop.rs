//! A hop: a message there, a message back.
//!
//! A call to another node is never a nested await. The request is delivered to the target, which
//! works on it as its own task; the caller holds only its end of the [`Exchange`]. A caller that
//! stops waiting sends a cancel message, which travels like any other; what the target does
//! with it is the target's business.

use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Request as _};
use cascadia_runtime::Runtime;

use crate::exchange::{Exchange, Way, wait};
use crate::model::Model;
use crate::network::{Message, Wire};
use crate::request::{Answer, Request, ServiceError};
use crate::service::{Job, Replica};

/// The way from one caller to one replica: the innermost end of a policy stack.
pub(crate) struct Hop {
    pub(crate) model: Arc<Model>,
    pub(crate) wire: Wire,
}

impl Call<Request, (), ServiceError> for Hop {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        if request.context().attempt > 0 {
            self.model.load(request.origin.load).retried(request.origin.sent);
        }
        let exchange = Exchange::new(request, Way::Far(Arc::clone(&self)));
        let delivered = Arc::clone(&exchange);
        self.send(Message::Request, exchange.key, move |hop| {
            hop.target().arrive(&hop.model, Job::new(delivered, hop.model.now()));
        });
        wait(exchange)
    }
}

impl Hop {
    fn target(&self) -> &Replica {
        self.model.replica(self.wire.to())
    }

    /// Sends the answer of an exchange.
    pub(crate) fn answer(self: &Arc<Self>, exchange: Arc<Exchange>, answer: Answer) {
        self.send(Message::Answer, exchange.key, move |_| exchange.fill(answer));
    }

    /// Tells the target that the caller has gone.
    pub(crate) fn cancel(self: &Arc<Self>, exchange: Arc<Exchange>) {
        self.send(Message::Cancel, exchange.key, move |hop| {
            hop.target().cancel(&hop.model, &exchange);
        });
    }

    /// Sends a message: delivered at once where there is no latency, never where it is lost.
    fn send(
        self: &Arc<Self>,
        message: Message,
        key: u64,
        deliver: impl FnOnce(&Arc<Self>) + 'static,
    ) {
        let Some(delay) = self.model.network.delay(&self.wire, message, key) else {
            return;
        };
        if delay.is_zero() && message != Message::Cancel {
            return deliver(self);
        }
        let hop = Arc::clone(self);
        let sim = self.model.sim;
        sim.at(sim.now() + delay, move || deliver(&hop));
    }
}
