//! A hop: a message there, a message back.
//!
//! A call to another node is never a nested await. The request is delivered to the target, which
//! works on it as its own task; the caller holds only its end of the [`Exchange`]. A caller that
//! stops waiting sends a cancel message, which travels like any other; what the target does
//! with it is the target's business.

mod followed;

use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Failure};
use cascadia_runtime::Runtime as _;

use crate::blame::{Blame, News, Stage, Why};
use crate::component::{Body, Envelope, PlaceId};
use crate::exchange::{
    Answer, Content, Exchange, Letter, LetterKind, Origin, Peer, Request, Route, ServiceError, wait,
};
use crate::measure::Count;
use crate::network::{Message, MessageKind, Wire};
use crate::plan::{Instance, Party};
use crate::world::{Resident, World};

/// The way from one caller to one replica: the innermost end of a policy stack.
struct Hop {
    world: Arc<World>,
    there: Wire,
    back: Wire,
    /// Where the caller is. Several clients of a load may call from here.
    from: PlaceId,
    target: Arc<Resident>,
    to: Instance,
}

impl Call<Request, Content, ServiceError> for Hop {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let exchange = self.begin(request, Arc::clone(&self) as _);
        let deliver = self.deliver(&exchange, Body::Request);
        self.send(&exchange, (MessageKind::Request, ""), deliver);
        wait(self.world.sim, exchange)
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        None
    }
}

impl Peer for Hop {
    fn answer(&self, exchange: &Arc<Exchange>, answer: Answer) {
        match answer {
            Ok(content) => {
                self.send(exchange, (MessageKind::Answer, "ok"), move |exchange| {
                    exchange.fill(Ok(content));
                });
            }
            Err(failure) => self.fail(exchange, failure.from_peer()),
        }
    }

    /// It is the end of the other copies, if there are any.
    fn begun(&self, exchange: &Arc<Exchange>) {
        if exchange.request.context.attempt.tie.is_some() {
            self.send(exchange, (MessageKind::Begun, ""), |exchange| exchange.begun());
        }
    }

    fn cancelled(&self, exchange: &Arc<Exchange>) {
        let stage = match exchange.trail.stage() {
            Stage::Answered => Stage::Answered,
            _ if !self.target.is_there() => Stage::Down,
            stage => stage,
        };
        self.world.tell(&exchange.request, News::Left(self.to.service, stage));
        self.send(exchange, (MessageKind::Cancel, ""), self.deliver(exchange, Body::Cancel));
    }
}

/// The way from a caller to a replica, which is followed where somebody wants to know.
pub(crate) fn hop(world: &Arc<World>, from: PlaceId, to: Instance) -> Route {
    let hop = Arc::new(Hop::new(world, from, to));
    match &world.tracer {
        None => hop,
        Some(tracer) => followed::hop(tracer, hop),
    }
}

impl Hop {
    fn new(world: &Arc<World>, from: PlaceId, to: Instance) -> Self {
        let there = world.network.wire(world.directory.party(from), Party::Instance(to));
        let back = there.clone().reversed();
        let target = world.directory.find(to);
        Self { world: Arc::clone(world), there, back, from, target, to }
    }

    /// Begins an exchange, whose answer `peer` brings. A request is large, and moved here for each call.
    #[inline(always)]
    fn begin(&self, request: Request, peer: Arc<dyn Peer>) -> Arc<Exchange> {
        if let Origin::User { load, sent, .. } = request.origin
            && (request.is_own() || request.is_again())
        {
            self.world.load(load).borrow_mut().count(Count::Attempts, sent);
        }
        Exchange::far(request, peer)
    }

    /// Sends a failure, and tells whoever hears of it who failed.
    fn fail(&self, exchange: &Arc<Exchange>, mut failure: Failure<ServiceError>) {
        let (world, callee) = (Arc::clone(&self.world), self.to.service);
        let news = match &mut failure {
            Failure::Rejected(_) => Some(News::Refused(callee)),
            Failure::TimedOut(_) => Some(News::GaveUp(callee)),
            Failure::Service(error) if error.blame.is_none() => {
                let why = Why::Answered(error.kind);
                error.blame = Some(world.note(Blame { caller: None, callee, why }));
                None
            }
            Failure::Service(_) => None,
        };
        let word = ServiceError::kind_of(&failure).name();
        self.send(exchange, (MessageKind::Answer, word), move |exchange| {
            if let Some(news) = news.filter(|_| exchange.is_awaited()) {
                world.tell(&exchange.request, news);
            }
            exchange.fill(Err(failure));
        });
    }

    /// Where whoever sent a request is.
    fn sender(&self, request: &Request) -> PlaceId {
        match request.origin {
            Origin::User { load, client, .. } if request.parent.is_none() => {
                self.world.directory.client(load, client)
            }
            _ => self.from,
        }
    }

    /// What delivers an exchange to the target.
    fn deliver(
        &self,
        exchange: &Exchange,
        body: fn(Arc<Exchange>) -> Body,
    ) -> impl FnOnce(&Arc<Exchange>) + 'static + use<> {
        let (from, target) = (self.sender(&exchange.request), Arc::clone(&self.target));
        let captured = self.world.is_captured().then(|| Arc::clone(&self.world));
        move |exchange| {
            let (to, body) = (target.place.id, body(Arc::clone(exchange)));
            let is_heard = target.deliver(Envelope { from, to, body });
            if let Some(world) = captured.filter(|_| !is_heard)
                && let Some(mut recorder) = world.recorder((from, to))
            {
                recorder.unheard(exchange.key);
            }
        }
    }

    /// Sends a message: delivered at once where there is no latency, never where it is lost.
    fn send(
        &self,
        exchange: &Arc<Exchange>,
        (kind, word): (MessageKind, &'static str),
        deliver: impl FnOnce(&Arc<Exchange>) + 'static,
    ) {
        let World { sim, network, .. } = &*self.world;
        let wire = match kind {
            MessageKind::Answer | MessageKind::Begun => &self.back,
            _ => &self.there,
        };
        let message = Message::first(exchange.key, kind);
        let delay = network.delay(wire, &message);
        if self.world.is_captured() {
            self.record(exchange, (kind, word), delay);
        }
        let Some(delay) = delay else { return };
        if delay == 0 && kind != MessageKind::Cancel {
            return deliver(exchange);
        }
        let exchange = Arc::clone(exchange);
        sim.at(sim.now().after(delay), move || deliver(&exchange));
    }

    /// Keeps what is sent, if that goes where somebody looks.
    #[cold]
    fn record(
        &self,
        exchange: &Arc<Exchange>,
        (kind, word): (MessageKind, &'static str),
        delay: Option<u64>,
    ) {
        let (from, to) = (self.sender(&exchange.request), self.target.place.id);
        let (way, kind) = match kind {
            MessageKind::Request => ((from, to), LetterKind::Request),
            MessageKind::Answer => ((to, from), LetterKind::Answer),
            MessageKind::Begun => ((to, from), LetterKind::Other),
            _ => ((from, to), LetterKind::Other),
        };
        let Some(mut recorder) = self.world.recorder(way) else { return };
        let (now, letter) =
            (self.world.now(), Letter { exchange: Arc::clone(exchange), kind, word });
        recorder.sent(exchange.key, way, (now, delay.map(|delay| now.after(delay))), &letter);
    }
}
