//! What a replica publishes and consumes.

use std::sync::Arc;

use cascadia_patterns::call::{Baggage, BoxFuture};
use cascadia_patterns::messaging::Delivery;
use cascadia_patterns::store::MemoryStore;
use cascadia_runtime::mix;

use super::mail::Mail;
use super::replica::Replica;
use crate::broker::{Note, Outgoing, Publisher, RequestClient, Subscriber, inbox};
use crate::component::{Body, Drained, Envelope, Life};
use crate::draws::Purpose;
use crate::effects::Errand;
use crate::exchange::{Answer, Exchange, Peer, Request, wait};
use crate::ids::EndpointId;
use crate::plan::BranchPlan;
use crate::saga::{BranchDesk, Member, Tools};
use crate::script::Scripts;

impl Replica {
    /// Connects with all brokers, and begins to consume.
    pub(super) fn open_mail(self: &Arc<Self>, life: &Life) {
        let settings = &self.settings;
        let Scripts { publishers, requesters, .. } = &settings.scripts;
        let sends = !publishers.is_empty() || !requesters.is_empty() || !settings.relays.is_empty();
        let takes_part = !settings.members.is_empty() || !settings.branches.is_empty();
        if !sends && settings.consumes.is_empty() && !takes_part {
            return;
        }
        let mut mail = Mail::default();
        for (at, plan) in publishers.iter().enumerate() {
            let remote = mail.remote(life, &plan.broker);
            let stream = life.stream(&format!("publisher {at}"));
            mail.publishers.push(Arc::new(Publisher::new(&remote, plan, stream)));
        }
        for (at, plan) in requesters.iter().enumerate() {
            let remote = mail.remote(life, &plan.broker);
            let streams = ["requester", "inbox"].map(|what| life.stream(&format!("{what} {at}")));
            let inbox = inbox(&settings.name, self.number, at);
            let client = RequestClient::new(&remote, plan, inbox, streams);
            mail.requesters.push(Arc::new(client));
        }
        for (at, broker) in settings.relays.iter().enumerate() {
            let remote = mail.remote(life, broker);
            let streams = ["outbox", "relay"].map(|what| life.stream(&format!("{what} {at}")));
            let keeper = settings.keeper.as_ref().expect("only a store has outboxes");
            let outgoing = Outgoing::new(&remote, &keeper.plan.outbox, &keeper.table, streams);
            mail.outgoing.push(Arc::new(outgoing));
        }
        for (at, plan) in settings.consumes.iter().enumerate() {
            let remote = mail.remote(life, &plan.broker);
            let streams =
                ["subscriber", "replier"].map(|what| life.stream(&format!("{what} {at}")));
            let (replica, endpoint) = (Arc::downgrade(self), plan.endpoint);
            let work = move |note: Note, delivery: &Delivery| -> BoxFuture<Answer> {
                match replica.upgrade() {
                    Some(replica) => replica.take(endpoint, note, delivery),
                    None => Box::pin(std::future::pending()),
                }
            };
            mail.subscribers.push(Subscriber::new(&remote, plan, streams, Arc::new(work)));
        }
        for (at, (plan, rows)) in settings.members.iter().enumerate() {
            let remote = mail.remote(life, &plan.broker);
            let streams = ["member outbox", "member relay", "member"]
                .map(|what| life.stream(&format!("{what} {at}")));
            mail.members.push(Member::new(&remote, plan, self.tools(rows), streams));
        }
        let desk = |(plan, rows): &(BranchPlan, MemoryStore)| {
            BranchDesk::new(life, plan, rows, &self.world.ledgers)
        };
        mail.branches = settings.branches.iter().map(desk).collect();
        self.state.borrow_mut().mail = mail;
    }

    /// What it has for its part in sagas that go by events.
    fn tools(self: &Arc<Self>, rows: &MemoryStore) -> Tools {
        let (replica, settings) = (Arc::downgrade(self), Arc::clone(&self.settings));
        let perform = move |endpoint, work, errand| -> BoxFuture<Answer> {
            match replica.upgrade() {
                Some(replica) => replica.perform(endpoint, work, errand),
                None => Box::pin(std::future::pending()),
            }
        };
        Tools {
            rows: rows.clone(),
            ledgers: Arc::clone(&self.world.ledgers),
            perform: Arc::new(perform),
            own: settings.known.own.clone(),
            is_once: Box::new(move |endpoint| settings.scripts.is_once(endpoint)),
        }
    }

    /// Consumes nothing more, and leaves when nothing is under way.
    pub(super) fn close_mail(self: &Arc<Self>, drained: Drained) {
        let (subscribers, members, life) = {
            let mail = &mut self.state.borrow_mut().mail;
            let life = mail.remotes.first().map(|remote| remote.life.clone());
            (std::mem::take(&mut mail.subscribers), std::mem::take(&mut mail.members), life)
        };
        let is_idle = subscribers.is_empty() && members.is_empty();
        let Some(life) = life.filter(|_| !is_idle) else {
            return self.leave_when_idle(drained);
        };
        let replica = Arc::clone(self);
        life.spawn(async move {
            for subscriber in subscribers {
                subscriber.drain().await;
            }
            for member in members {
                member.drain().await;
            }
            replica.leave_when_idle(drained);
        });
    }

    /// Something comes that is no request: from a replica of the same store, or from a broker.
    pub(super) fn hear(&self, Envelope { from, body, .. }: Envelope) {
        let broker = self.state.borrow_mut().mail.broker_at(from);
        match (body, broker, &self.log) {
            (Body::Message(word), Some(broker), _) => broker.hear_message(word),
            (Body::Reset, Some(broker), _) => broker.reset(from),
            (Body::Message(letter), None, Some(log)) => log.receive(letter),
            _ => {}
        }
    }

    /// Does what a message asks for, as if somebody had called here.
    fn take(
        self: &Arc<Self>,
        endpoint: EndpointId,
        note: Note,
        delivery: &Delivery,
    ) -> BoxFuture<Answer> {
        let baggage = Baggage {
            safe: true,
            priority: note.priority,
            depth: note.depth,
            trace: note.trace,
            ..Baggage::default()
        };
        let key = mix(note.key, Purpose::Consumed(endpoint.0).tag());
        let mut request = Request::new(baggage, (endpoint, key), note.origin, None);
        if delivery.message.id.is_some() {
            request = request.consuming(delivery);
        }
        self.serve(request, delivery.attempt)
    }

    /// Does a step of a saga, as if somebody had called here.
    fn perform(
        self: &Arc<Self>,
        endpoint: EndpointId,
        (key, attempt): (u64, u32),
        errand: Arc<Errand>,
    ) -> BoxFuture<Answer> {
        let request = Request::own(self.place.id(), (endpoint, key), true);
        self.serve(request.running(errand), attempt)
    }

    /// Takes a request that comes for the so-manieth time.
    fn serve(self: &Arc<Self>, mut request: Request, attempt: u32) -> BoxFuture<Answer> {
        let again = attempt.saturating_sub(1);
        request.context.attempt.number = again.min(u32::from(u16::MAX)) as u16;
        let exchange = Exchange::far(request, Arc::clone(self) as Arc<dyn Peer>);
        self.arrive(Arc::clone(&exchange));
        wait(self.world.sim, exchange)
    }
}

/// As a consumer that hands messages to itself.
impl Peer for Replica {
    fn answer(&self, exchange: &Arc<Exchange>, answer: Answer) {
        exchange.fill(answer);
    }

    fn begun(&self, _: &Arc<Exchange>) {}

    fn cancelled(&self, exchange: &Arc<Exchange>) {
        Self::cancel(self, exchange);
    }
}
