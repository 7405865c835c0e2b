use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::{Baggage, BoxFuture, Failure, TraceId};
use cascadia_runtime::{Draw, mix};
use cascadia_sim_core::Local;

use super::choice::By;
use super::known::Known;
use super::member::Member;
use super::pace::Pace;
use super::seen::Seen;
use crate::blame::Stage;
use crate::broker::{Outgoing, Posting};
use crate::draws::Purpose;
use crate::effects::Booth;
use crate::exchange::{Answer, Exchange, Request, Route, ServiceError};
use crate::ids::{EndpointId, ServiceId};
use crate::laws::Law;
use crate::ledgers::{Entry, Ledgers};

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

    /// Who is called from site number `site`, and what the calls go through.
    fn site(&self, site: usize) -> (ServiceId, Route);

    /// What it answers where a call from site number `site` that was made for `exchange` failed.
    fn let_down(
        &self,
        site: usize,
        exchange: &Exchange,
        failure: &Failure<ServiceError>,
    ) -> ServiceError;

    /// Publishes for `exchange` by publisher number `site`, and says whether the message may be believed to be there.
    fn publish(&self, exchange: &Exchange, site: usize, posting: Posting) -> BoxFuture<bool>;

    /// What it answers where what it published by publisher number `site` was not confirmed.
    fn unconfirmed(&self, site: usize) -> ServiceError;

    /// Makes a request for `exchange` by requester number `site`, and waits so long for the reply.
    fn ask(
        &self,
        exchange: &Exchange,
        site: usize,
        posting: Posting,
        timeout: Duration,
    ) -> BoxFuture<Answer>;

    /// The outbox that it has for a broker, if it is of a store.
    fn outgoing(&self, broker: &str) -> Arc<Outgoing>;

    /// The quantities that are conserved.
    fn ledgers(&self) -> &Ledgers;

    /// What is known of commands that are done once.
    fn known(&self) -> &Known;

    /// Where it votes for what is done together under a name.
    fn booth(&self, saga: &str) -> Option<Arc<Booth>>;

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
    /// What is entered when all is done, where that is done once.
    pub(super) staged: Option<&'a Local<Vec<Entry>>>,
    /// Which turn of what is repeated it is, at all depths together; 0 is the first of all.
    pub(super) turn: u64,
}

/// What a step draws for a request in a turn.
pub(super) fn draw(exchange: &Exchange, step: u64, turn: u64) -> Draw {
    Draw::new(exchange.key, Purpose::Step(step).tag(), turn)
}

impl<'a> Task<'a> {
    /// What a step draws.
    pub(super) fn draw(&self, step: u64) -> Draw {
        draw(self.exchange, step, self.turn)
    }

    /// What a step draws to choose a way, which may go by what the request is about alone.
    pub(super) fn draw_by(&self, by: By, step: u64) -> Draw {
        match by {
            By::Request => self.draw(step),
            By::Key => Draw::new(u64::from(self.exchange.subject()), Purpose::Step(step).tag(), 0),
        }
    }

    /// The task in a turn of the repetition `step`. The first turn draws what it would draw if
    /// nothing were repeated.
    pub(super) fn again(&self, step: u64, turn: u32) -> Self {
        match turn {
            0 => *self,
            _ => Self { turn: mix(mix(self.turn, step), u64::from(turn)), ..*self },
        }
    }

    /// The key of a request that a step makes, for a purpose.
    #[inline]
    pub(super) fn key(&self, purpose: Purpose) -> u64 {
        let key = mix(self.exchange.key, purpose.tag());
        if self.turn == 0 { key } else { mix(key, self.turn) }
    }

    /// A key for a purpose that is the same in every attempt of the request.
    pub(super) fn again_key(&self, purpose: Purpose) -> u64 {
        let key = mix(self.exchange.request.key, purpose.tag());
        if self.turn == 0 { key } else { mix(key, self.turn) }
    }

    pub(super) fn work(&self, step: u64, law: &Law) -> impl Future<Output = ()> + Send + use<'a> {
        self.work_of(law, self.draw(step))
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
    pub(super) fn trace(&self, step: u64) -> TraceId {
        let trace = self.exchange.request.context.baggage.trace;
        if self.rules.forwards_trace {
            return trace;
        }
        let high = trace.0 & !u128::from(u64::MAX);
        TraceId(high | u128::from(self.key(Purpose::Trace(step))))
    }

    /// What is made of what somebody else said who was called from a site: whoever calls fails with
    /// them.
    pub(super) fn told(&self, site: usize, answer: Answer) -> Answer {
        self.exchange.reach(Stage::Working);
        let let_down = |failure| self.host.let_down(site, self.exchange, &failure);
        answer.map_err(|failure| Failure::Service(let_down(failure)))
    }

    pub(super) fn call(
        &self,
        step: u64,
        site: usize,
        endpoint: EndpointId,
        safe: bool,
    ) -> BoxFuture<Answer> {
        self.send(site, self.request(step, Purpose::Call(step), endpoint, safe))
    }

    /// Sends a request from a site.
    pub(super) fn send(&self, site: usize, request: Request) -> BoxFuture<Answer> {
        let (callee, route) = self.host.site(site);
        self.exchange.reach(Stage::Calling(callee));
        route.call(request)
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
        let key = self.key(purpose);
        let parent = Some(Arc::clone(self.exchange));
        Request::new(baggage, (endpoint, key), request.origin, parent)
    }
}
