//! Refusing is work, too.

use std::sync::Arc;

use cascadia_patterns::call::{Failure, Rejection};

use super::replica::{Replica, ReplicaState};
use crate::exchange::Exchange;
use crate::world::EventKind;

impl Replica {
    /// Answers with a rejection. Behind an inbound stack it is counted when it has passed it.
    pub(super) fn refuse(self: &Arc<Self>, exchange: &Arc<Exchange>, rejection: Rejection) {
        if !exchange.is_inbound {
            self.rejected();
        }
        exchange.answer(Err(Failure::Rejected(rejection)));
    }

    /// A request was refused. A worker that is free does the work of that, or the next to be free.
    pub(super) fn rejected(self: &Arc<Self>) {
        self.emit(EventKind::Rejected, 0);
        self.meter.borrow_mut().rejected();
        let mut state = self.state.borrow_mut();
        state.owed = state.owed.saturating_add(self.settings.refusal);
        if state.owed > 0 && self.has_worker(&state) {
            self.work_off(&mut state);
        }
    }

    /// A worker does all the work on refusals that there is.
    pub(super) fn work_off(self: &Arc<Self>, state: &mut ReplicaState) {
        let now = self.world.now();
        let nanos = std::mem::take(&mut state.owed);
        (state.busy, state.refusing) = (state.busy + 1, state.refusing + 1);
        self.meter.borrow_mut().refuses(now, self.number);
        let (replica, incarnation) = (Arc::clone(self), self.place.incarnation());
        if self.settings.scripts.rules.stretches {
            drop(self.world.sim.spawn_on(self.place.node, async move {
                replica.pace.work(nanos, true).await;
                replica.worked_off(incarnation);
            }));
        } else {
            let end = now.after(self.pace.time(nanos));
            self.world.sim.at(end, move || replica.worked_off(incarnation));
        }
    }

    /// A worker of the life `incarnation` has done its work on refusals.
    fn worked_off(self: &Arc<Self>, incarnation: u64) {
        if self.place.incarnation() != incarnation {
            return;
        }
        self.state.borrow_mut().refusing -= 1;
        self.meter.borrow_mut().refused(self.world.now(), self.number, 1);
        self.free();
    }
}
