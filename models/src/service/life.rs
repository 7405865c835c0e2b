//! Lives begin and end.

use std::sync::Arc;

use cascadia_patterns::call::Failure;
use cascadia_patterns::shed::Discipline;
use cascadia_runtime::Time;
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

/// What waited and what was set up. Its drop may call back.
struct Remains {
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
        waiting.chain(self.working.iter().map(|(_, busy)| &busy.exchange))
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

    /// Ends a life: whatever waits or runs is gone. Only where its machine lives on, somebody is
    /// told.
    pub(super) fn crash(&self, death: Death) {
        let now = self.world.now();
        self.state.borrow_mut().resets = death == Death::Process;
        let remains = self.end_life(now);
        self.meter.borrow_mut().down(now, self.number);
        self.world.sim.kill(self.place.node);
        if death == Death::Process {
            // Tasks could not do this themselves: what the dead do in their drop has no effect.
            let cut = std::mem::take(&mut self.state.borrow_mut().cut);
            cut.iter().chain(remains.exchanges()).for_each(reset);
        }
        drop(remains);
    }

    fn end_life(&self, now: Time) -> Remains {
        let mut state = self.state.borrow_mut();
        state.incarnation += 1;
        (state.busy, state.owed) = (0, 0);
        let mut meter = self.meter.borrow_mut();
        meter.refused(now, self.number, std::mem::take(&mut state.refusing));
        state.queue.iter().for_each(|job| meter.unqueued(now, self.number, job.arrived));
        for (_, Busy { exchange, since }) in &state.working {
            meter.ended(now, self.number, *since, exchange.abandoned());
        }
        Remains {
            queue: std::mem::take(&mut state.queue),
            working: std::mem::take(&mut state.working),
            _routes: std::mem::take(&mut state.routes),
            _inbound: state.inbound.take(),
            _at_queue: std::mem::take(&mut state.at_queue),
        }
    }

    /// The task of a request that came in the life `incarnation` is over. If that is because the
    /// life is, the caller may have to be told.
    pub(super) fn task_ended(&self, incarnation: u64, exchange: &Arc<Exchange>) {
        let mut state = self.state.borrow_mut();
        if state.incarnation != incarnation && state.resets {
            state.cut.push(Arc::clone(exchange));
        }
    }
}

/// Resets the connection of a request, if it came over one.
fn reset(exchange: &Arc<Exchange>) {
    if !exchange.is_inbound {
        exchange.answer(Err(Failure::Service(ServiceError::new(Cause::Failed))));
    }
}
