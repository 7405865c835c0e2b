//! Lives begin and end.

use std::sync::Arc;

use cascadia_patterns::call::{Failure, Kind};
use cascadia_patterns::shed::Discipline;

use super::arrival::Station;
use super::job::Busy;
use super::remains::Remains;
use super::replica::Replica;
use crate::component::{Death, Drained};
use crate::exchange::{Exchange, ServiceError};
use crate::stack::{Caller, inbound, members, routes};

impl Replica {
    /// Begins a life: empty, with fresh policies.
    pub(super) fn begin_life(self: &Arc<Self>, incarnation: u64) {
        let world = &self.world;
        let place = &self.place;
        let (name, identity) = (place.name().to_owned(), place.identity);
        let caller = Caller { place: place.id, name, identity, incarnation };
        let routes = routes(world, &caller, &self.settings.scripts.sites);
        let members = match &self.settings.keeper {
            Some(keeper) if keeper.is_shared() => members(world, place.id, self.settings.id),
            _ => Arc::default(),
        };
        let guarded = self.settings.inbound.map(|stack| {
            let queue = Arc::new(Station { replica: Arc::clone(self) });
            inbound(world, &caller, self.settings.id, stack, queue)
        });
        let (inbound, at_queue) = guarded.unzip();
        let mut state = self.state.borrow_mut();
        state.routes = routes;
        state.members = members;
        state.inbound = inbound;
        state.at_queue = at_queue.unwrap_or_default();
        state.discipline = Discipline::new(self.settings.queue.discipline);
        drop(state);
        self.meter.borrow_mut().up(world.now(), self.number);
        self.stands_by();
    }

    /// Ends a life: whatever waits or runs is gone.
    pub(super) fn end_life(&self) {
        let now = self.world.now();
        let mut state = self.state.borrow_mut();
        (state.busy, state.owed, state.inside) = (0, 0, 0);
        let mut meter = self.meter.borrow_mut();
        meter.refused(now, self.number, std::mem::take(&mut state.refusing));
        state.queue.iter().for_each(|job| meter.unqueued(now, self.number, job.arrived));
        for (_, Busy { exchange, since }) in &state.working {
            meter.ended(now, self.number, *since, (false, exchange.abandoned()));
        }
        meter.down(now, self.number);
        state.remains = Some(Remains {
            cut: Vec::new(),
            queue: std::mem::take(&mut state.queue),
            working: std::mem::take(&mut state.working),
            _routes: std::mem::take(&mut state.routes),
            _members: std::mem::take(&mut state.members),
            _inbound: state.inbound.take(),
            _at_queue: std::mem::take(&mut state.at_queue),
            mail: std::mem::take(&mut state.mail),
        });
        state.drained = None;
        drop(meter);
        drop(state);
        self.stands_down(now);
    }

    /// It is to leave as soon as nothing is under way.
    pub(super) fn leave_when_idle(&self, drained: Drained) {
        let mut state = self.state.borrow_mut();
        state.drained = Some(drained);
        state.leave_if_idle();
    }

    /// The task of a request has ended with the life in which it came. The caller may have to be
    /// told.
    pub(super) fn task_ended(&self, exchange: &Arc<Exchange>) {
        if let Some(remains) = &mut self.state.borrow_mut().remains {
            remains.cut.push(Arc::clone(exchange));
        }
    }

    /// The tasks of a life have ended. Only where its machine lives on, who waits is told: what the
    /// dead do in their drop has no effect, so tasks could not do that themselves.
    pub(super) fn leave_remains(&self, death: Death) {
        let remains = self.state.borrow_mut().remains.take();
        if death == Death::Process {
            remains.iter().flat_map(Remains::exchanges).for_each(reset);
            remains.iter().for_each(|remains| remains.mail.reset());
        }
    }
}

/// Resets the connection of a request, if it came over one.
fn reset(exchange: &Arc<Exchange>) {
    if !exchange.is_inbound {
        exchange.answer(Err(Failure::Service(ServiceError::new(Kind::Reset))));
    }
}
