//! What a replica publishes and consumes.

use std::sync::Arc;

use cascadia_patterns::call::{Baggage, BoxFuture};
use cascadia_runtime::mix;

use super::mail::Mail;
use super::replica::Replica;
use crate::broker::{Note, Publisher, RequestClient, Subscriber, inbox};
use crate::component::{Body, Drained, Envelope, Life};
use crate::draws::Purpose;
use crate::exchange::{Answer, Exchange, Peer, Request, wait};
use crate::ids::EndpointId;
use crate::script::Scripts;

impl Replica {
    /// Connects with all brokers, and begins to consume.
    pub(super) fn open_mail(self: &Arc<Self>, life: &Life) {
        let settings = &self.settings;
        let Scripts { publishers, requesters, .. } = &settings.scripts;
        if publishers.is_empty() && requesters.is_empty() && settings.consumes.is_empty() {
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
        for (at, plan) in settings.consumes.iter().enumerate() {
            let remote = mail.remote(life, &plan.broker);
            let streams =
                ["subscriber", "replier"].map(|what| life.stream(&format!("{what} {at}")));
            let (replica, endpoint) = (Arc::downgrade(self), plan.endpoint);
            let work = move |note: Note, attempt: u32| -> BoxFuture<Answer> {
                match replica.upgrade() {
                    Some(replica) => replica.take(endpoint, note, attempt),
                    None => Box::pin(std::future::pending()),
                }
            };
            mail.subscribers.push(Subscriber::new(&remote, plan, streams, Arc::new(work)));
        }
        self.state.borrow_mut().mail = mail;
    }

    /// Consumes nothing more, and leaves when nothing is under way.
    pub(super) fn close_mail(self: &Arc<Self>, drained: Drained) {
        let (subscribers, life) = {
            let mail = &mut self.state.borrow_mut().mail;
            let life = mail.remotes.first().map(|remote| remote.life.clone());
            (std::mem::take(&mut mail.subscribers), life)
        };
        let Some(life) = life.filter(|_| !subscribers.is_empty()) else {
            return self.leave_when_idle(drained);
        };
        let replica = Arc::clone(self);
        life.spawn(async move {
            for subscriber in subscribers {
                subscriber.drain().await;
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
    fn take(self: &Arc<Self>, endpoint: EndpointId, note: Note, attempt: u32) -> BoxFuture<Answer> {
        let baggage = Baggage {
            safe: true,
            priority: note.priority,
            depth: note.depth,
            trace: note.trace,
            ..Baggage::default()
        };
        let key = mix(note.key, Purpose::Consumed(endpoint.0).tag());
        let mut request = Request::new(baggage, (endpoint, key), note.origin, None);
        request.context.attempt.number = attempt.saturating_sub(1).min(u32::from(u16::MAX)) as u16;
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
