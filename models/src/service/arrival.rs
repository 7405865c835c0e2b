//! Requests come, and may be let in.

use std::sync::Arc;

use cascadia_patterns::call::{BoxFuture, Call, Failure, Kind, Layer, Reason, Rejection, TimedOut};
use cascadia_patterns::terms::Meaning;
use cascadia_runtime::Draw;

use super::job::Job;
use super::replica::{Replica, ReplicaState};
use crate::blame::Stage;
use crate::draws::Purpose;
use crate::exchange::{
    Answer, Content, Exchange, Origin, Peer, Request, Route, ServiceError, wait,
};
use crate::measure::Count;
use crate::plan::{After, Errors, OnCancel};
use crate::world::EventKind;

/// The queue of the replica, as its refusals name it.
const QUEUE: Layer = Layer::new(&Meaning {
    name: "queue",
    help: "The queue of the service itself.",
    property: TimedOut::Waited,
});

impl Replica {
    /// The error fault number `index` begins, or ends.
    pub(super) fn fault(&self, index: usize, errors: Option<Arc<Errors>>) {
        let held = &mut self.state.borrow_mut().errors;
        match errors {
            Some(errors) => held.push((index, errors)),
            None => held.retain(|(held, _)| *held != index),
        }
    }

    /// A request is delivered. That is the way of all of them, and that of a message the rare one.
    #[inline(always)]
    pub(super) fn arrive(self: &Arc<Self>, exchange: Arc<Exchange>) {
        let key = exchange.key;
        let state = self.state.borrow_mut();
        let arrived = self.world.now();
        exchange.accept(arrived);
        exchange.reach(Stage::Waiting);
        let failed = self.spoils(&state, &exchange, After::Arrival);
        let inbound = state.inbound.clone();
        drop(state);
        self.emit(EventKind::Arrived, key);
        if exchange.request.is_orphan() {
            self.orphaned(exchange.request.origin);
        }
        self.meter.borrow_mut().arrived(self.number);
        if let Some(error) = failed {
            self.complete(&exchange, Err(Failure::Service(error)));
        } else if let Some(inbound) = inbound {
            self.guard(exchange, inbound);
        } else {
            self.enter(Job { exchange, arrived });
        }
    }

    /// The error that a fault answers a request with, so much of which has been done.
    #[inline]
    pub(super) fn spoils(
        &self,
        state: &ReplicaState,
        exchange: &Exchange,
        done: After,
    ) -> Option<ServiceError> {
        if state.errors.is_empty() { None } else { self.error_of(state, exchange, done) }
    }

    fn error_of(
        &self,
        state: &ReplicaState,
        exchange: &Exchange,
        done: After,
    ) -> Option<ServiceError> {
        let endpoint = exchange.request.endpoint;
        let meets = |(index, errors): &&(usize, Arc<Errors>)| {
            errors.after == done
                && errors.meet(self.settings.id, endpoint)
                && Draw::new(exchange.key, Purpose::ErrorFault(*index).tag(), 0).unit()
                    < errors.rate
        };
        let (_, errors) = state.errors.iter().find(meets)?;
        Some(errors.status.map_or_else(|| ServiceError::new(Kind::Error), ServiceError::called))
    }

    /// A request came without the trace of the one that it was made for.
    fn orphaned(&self, origin: Origin) {
        if let Origin::User { load, sent, .. } = origin {
            self.world.load(load).borrow_mut().count(Count::Orphans, sent);
        }
    }

    /// Sends a request through the inbound stack, whose end is the [`Station`].
    fn guard(self: &Arc<Self>, far: Arc<Exchange>, inbound: Route) {
        let Request { context, endpoint, key, origin, shared, .. } = &far.request;
        let baggage = context.baggage.clone();
        let mut request = Request::new(baggage, (*endpoint, *key), *origin, Some(Arc::clone(&far)));
        request.shared.clone_from(shared);
        let incarnation = self.place.incarnation();
        self.state.borrow_mut().inside += 1;
        let (replica, exchange) = (Arc::clone(self), Arc::clone(&far));
        let connected = Connected { replica, incarnation, exchange };
        let task = self.world.sim.spawn_on(self.place.node, async move {
            let answer = inbound.call(request).await;
            let Connected { replica, exchange, .. } = &connected;
            replica.passed(&answer);
            exchange.end_task();
            exchange.answer(answer);
        });
        if self.settings.on_cancel != OnCancel::Ignore {
            far.set_task(task);
        }
    }

    /// A request has passed the inbound stack, which may have tried it several times.
    fn passed(self: &Arc<Self>, answer: &Answer) {
        match answer {
            Err(Failure::Rejected(_)) => self.rejected(),
            _ => self.meter.borrow_mut().completed(self.number),
        }
    }

    /// Takes a job to a worker or into the queue, or refuses it.
    fn enter(self: &Arc<Self>, job: Job) {
        let mut state = self.state.borrow_mut();
        if self.has_worker(&state) {
            state.discipline.on_empty(job.arrived);
            state.waited(job.arrived, job.arrived);
            drop(state);
            return self.begin(job);
        }
        let full = |capacity| state.queue.len() >= capacity as usize;
        if !self.settings.queue.capacity.is_some_and(full) {
            self.meter.borrow_mut().queued(job.arrived, self.number);
            state.queue.push(job);
            return;
        }
        drop(state);
        self.refuse(&job.exchange, Rejection::new(QUEUE, Reason::FULL));
    }

    /// The cancel message for `exchange` arrives.
    pub(super) fn cancel(&self, exchange: &Arc<Exchange>) {
        if self.settings.on_cancel == OnCancel::Ignore {
            return;
        }
        let skipped = {
            let mut state = self.state.borrow_mut();
            let skipped = state.queue.skip(|job| job.exchange.serves(exchange));
            state.leave_if_idle();
            skipped
        };
        if let Some(job) = &skipped {
            self.meter.borrow_mut().unqueued(self.world.now(), self.number, job.arrived);
        }
        let stops = self.settings.on_cancel == OnCancel::Stop;
        if skipped.is_some() || stops || exchange.waits_inbound() {
            self.emit(EventKind::Cancelled, 0);
            exchange.abort_task();
        }
    }
}

/// A request that came over the network and is at work in a task of a replica. If that ends with
/// its life, the connection is reset where somebody is there to do it.
struct Connected {
    replica: Arc<Replica>,
    /// The life in which it came.
    incarnation: u64,
    exchange: Arc<Exchange>,
}

impl Drop for Connected {
    fn drop(&mut self) {
        let Self { replica, incarnation, exchange } = self;
        if replica.place.incarnation() == *incarnation {
            let mut state = replica.state.borrow_mut();
            state.inside -= 1;
            state.leave_if_idle();
        } else {
            replica.task_ended(exchange);
        }
    }
}

/// The end of an inbound stack: the queue of the replica.
pub(super) struct Station {
    pub(super) replica: Arc<Replica>,
}

impl Call<Request, Content, ServiceError> for Station {
    fn call(self: Arc<Self>, request: Request) -> BoxFuture<Answer> {
        let sim = self.replica.world.sim;
        let exchange = Exchange::inbound(request, Arc::clone(&self) as _);
        let arrived = self.replica.world.now();
        exchange.accept(arrived);
        self.replica.enter(Job { exchange: Arc::clone(&exchange), arrived });
        wait(sim, exchange)
    }

    fn inner(&self) -> Option<&dyn Call<Request, Content, ServiceError>> {
        None
    }
}

impl Peer for Station {
    fn answer(&self, exchange: &Arc<Exchange>, answer: Answer) {
        exchange.fill(answer);
    }

    fn begun(&self, exchange: &Arc<Exchange>) {
        if let Some(far) = &exchange.request.parent {
            far.begin();
        }
    }

    fn cancelled(&self, exchange: &Arc<Exchange>) {
        self.replica.cancel(exchange);
    }
}
