use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_runtime::Stream;
use cascadia_sim_core::{Local, Sim};

use super::{Flow, Place, PlaceId};

/// What somebody sends on its own.
pub(crate) struct Outbox {
    sim: Sim,
    place: Arc<Place>,
    state: Local<State>,
}

#[derive(Default)]
struct State {
    /// Draws the keys; most never send on their own.
    keys: Option<Stream>,
    flow: Flow,
    /// The first life of others of which is not known here that it is over.
    gone: BTreeMap<PlaceId, u64>,
}

impl Outbox {
    pub(crate) fn new(sim: Sim, place: &Arc<Place>) -> Arc<Self> {
        Arc::new(Self { sim, place: Arc::clone(place), state: Local::default() })
    }

    /// Something is sent, with the key that this returns.
    pub(crate) fn send(self: &Arc<Self>) -> (u64, Sent) {
        let mut state = self.state.borrow_mut();
        state.flow.sent += 1;
        let keys = || self.sim.stream(self.place.identity.name("sends"), 0);
        let key = state.keys.get_or_insert_with(keys).next_u64();
        (key, Sent { outbox: Arc::clone(self), is_open: true })
    }

    /// The lives of somebody before this one are known here to be over.
    pub(crate) fn gone(&self, of: PlaceId, life: u64) {
        let gone = &mut self.state.borrow_mut().gone;
        let known = gone.entry(of).or_default();
        *known = life.max(*known);
    }

    /// Whether it is known here that a life of somebody is over.
    pub(crate) fn is_gone(&self, of: PlaceId, life: u64) -> bool {
        self.state.borrow_mut().gone.get(&of).is_some_and(|first| life < *first)
    }

    /// What has become of everything so far.
    pub(crate) fn flow(&self) -> Flow {
        self.state.borrow_mut().flow
    }
}

/// Something on its way. It ends exactly once; dropped before, it was still under way.
pub(crate) struct Sent {
    outbox: Arc<Outbox>,
    is_open: bool,
}

impl Sent {
    pub(crate) fn end(mut self, arrived: bool) {
        self.is_open = false;
        let flow = &mut self.outbox.state.borrow_mut().flow;
        *(if arrived { &mut flow.arrived } else { &mut flow.failed }) += 1;
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        if self.is_open {
            self.outbox.state.borrow_mut().flow.open += 1;
        }
    }
}
