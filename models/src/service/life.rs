//! Lives begin and end.

use std::sync::Arc;

use cascadia_patterns::call::Failure;
use cascadia_patterns::shed::Discipline;
use slab::Slab;

use super::arrival::Station;
use super::job::Busy;
use super::queue::Queue;
use super::replica::Replica;
use crate::component::Death;
use crate::exchange::{Cause, Exchange, Route, ServiceError};
use crate::layers::AtQueue;
use crate::plan::Party;
use crate::stack::{Caller, inbound, routes};

/// What a life leaves behind. Its drop may call back.
pub(super) struct Remains {
    /// The requests whose tasks ended with it.
    cut: Vec<Arc<Exchange>>,
    queue: Queue,
    working: Slab<Busy>,
    _routes: Vec<Route>,
    _inbound: Option<Route>,
    _at_queue: AtQueue,
}

impl Remains {
    /// The requests that nobody answers any more.
    fn exchanges(&self) -> impl Iterator<Item = &Arc<Exchange>> {
        let waiting = self.queue.iter().map(|job| &job.exchange);
        let working = self.working.iter().map(|(_, busy)| &busy.exchange);
        self.cut.iter().chain(waiting).chain(working)
    }
}

impl Replica {
    /// Begins a life: empty, with fresh policies.
    pub(super) fn begin_life(self: &Arc<Self>, incarnation: u64) {
        let world = &self.world;
        let (party, place) = (Party::Instance(self.id()), &self.place);
        let (name, identity) = (place.name(), place.identity);
        let caller = Caller { party, name, identity, incarnation };
        let routes = routes(world, &caller, &self.settings.scripts.sites);
        let guarded = self.settings.inbound.map(|stack| {
            let queue = Arc::new(Station { replica: Arc::clone(self) });
            inbound(world, &caller, self.settings.id, stack, queue)
        });
        let (inbound, at_queue) = guarded.unzip();
        let mut state = self.state.borrow_mut();
        state.routes = routes;
        state.inbound = inbound;
        state.at_queue = at_queue.unwrap_or_default();
        state.discipline = Discipline::new(self.settings.queue.discipline);
        drop(state);
        self.meter.borrow_mut().up(world.now(), self.number);
    }

    /// Ends a life: whatever waits or runs is gone.
    pub(super) fn end_life(&self) {
        let now = self.world.now();
        let mut state = self.state.borrow_mut();
        (state.busy, state.owed) = (0, 0);
        let mut meter = self.meter.borrow_mut();
        meter.refused(now, self.number, std::mem::take(&mut state.refusing));
        state.queue.iter().for_each(|job| meter.unqueued(now, self.number, job.arrived));
        for (_, Busy { exchange, since }) in &state.working {
            meter.ended(now, self.number, *since, exchange.abandoned());
        }
        meter.down(now, self.number);
        state.remains = Some(Remains {
            cut: Vec::new(),
            queue: std::mem::take(&mut state.queue),
            working: std::mem::take(&mut state.working),
            _routes: std::mem::take(&mut state.routes),
            _inbound: state.inbound.take(),
            _at_queue: std::mem::take(&mut state.at_queue),
        });
    }

    /// The task of a request that came in the life `incarnation` is over. If that is because the
    /// life is, the caller may have to be told.
    pub(super) fn task_ended(&self, incarnation: u64, exchange: &Arc<Exchange>) {
        if self.place.incarnation() != incarnation
            && let Some(remains) = &mut self.state.borrow_mut().remains
        {
            remains.cut.push(Arc::clone(exchange));
        }
    }

    /// The tasks of a life have ended. Only where its machine lives on, who waits is told: what the
    /// dead do in their drop has no effect, so tasks could not do that themselves.
    pub(super) fn leave_remains(&self, death: Death) {
        let remains = self.state.borrow_mut().remains.take();
        if death == Death::Process {
            remains.iter().flat_map(Remains::exchanges).for_each(reset);
        }
    }
}

/// Resets the connection of a request, if it came over one.
fn reset(exchange: &Arc<Exchange>) {
    if !exchange.is_inbound {
        exchange.answer(Err(Failure::Service(ServiceError::new(Cause::Failed))));
    }
}
