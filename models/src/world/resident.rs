use std::sync::Arc;

use cascadia_patterns::call::Failure;
use cascadia_sim_core::{Event, Local, Sim};

use super::event::EventKind;
use super::machines::Machines;
use crate::component::{Body, Component, Death, Envelope, Ground, Held, Life, Outbox, Place};
use crate::exchange::ServiceError;
use crate::plan::Party;
use crate::tcp::Host;

/// A component where it lives.
pub(crate) struct Resident {
    pub(crate) place: Arc<Place>,
    pub(crate) component: Arc<dyn Component>,
    sim: Sim,
    machines: Arc<Machines>,
    pub(crate) outbox: Arc<Outbox>,
    state: Local<State>,
}

#[derive(Default)]
struct State {
    up: bool,
    /// Faults in force that hold it down.
    held: Held,
}

impl Resident {
    pub(crate) fn new(
        sim: Sim,
        machines: &Arc<Machines>,
        place: Arc<Place>,
        component: Arc<dyn Component>,
    ) -> Arc<Self> {
        let machines = Arc::clone(machines);
        let outbox = Outbox::new(sim, &place);
        Arc::new(Self { place, component, sim, machines, outbox, state: Local::default() })
    }

    /// Begins a life.
    pub(crate) fn boot(&self, ground: &Arc<dyn Ground>) {
        self.state.borrow_mut().up = true;
        self.sim.restart(self.place.node);
        self.machines.boot(&self.place);
        Arc::clone(&self.component).boot(Life {
            place: Arc::clone(&self.place),
            incarnation: self.place.incarnation(),
            sim: self.sim,
            ground: Arc::clone(ground),
            outbox: Arc::clone(&self.outbox),
        });
    }

    /// Something is delivered. Whoever is down does not see it, and only where the machine lives
    /// on, somebody is told. Says whether it was received.
    pub(crate) fn deliver(&self, envelope: Envelope) -> bool {
        let dead = {
            let state = self.state.borrow_mut();
            (!state.up).then(|| state.held.dead())
        };
        let Some(dead) = dead else {
            Arc::clone(&self.component).receive(envelope);
            return true;
        };
        if let (Body::Request(exchange), Some(Death::Process)) = (envelope.body, dead) {
            self.emit(EventKind::Refused, exchange.key);
            exchange.answer(Err(Failure::Service(ServiceError::refused())));
        }
        false
    }

    /// One more fault holds it down, or one less.
    pub(crate) fn hold_down(&self, ground: &Arc<dyn Ground>, death: Death, begins: bool) {
        let (before, after) = {
            let held = &mut self.state.borrow_mut().held;
            let before = held.dead();
            held.turn(death, begins);
            (before, held.dead())
        };
        match (before, after) {
            (None, Some(death)) => {
                self.emit(EventKind::State, 0);
                ground.changed(&self.place, "up", "down");
                self.end(death);
            }
            (Some(_), None) => {
                self.emit(EventKind::State, 1);
                ground.changed(&self.place, "down", "up");
                self.boot(ground);
            }
            (_, Some(death)) => self.machines.end(&self.place, death),
            (None, None) => {}
        }
    }

    fn end(&self, death: Death) {
        self.state.borrow_mut().up = false;
        self.place.end_life();
        self.machines.end(&self.place, death);
        self.component.end(death);
        self.sim.kill(self.place.node);
        self.component.ended(death);
    }

    /// Ends the last life when the run is over, which also lets go of what holds on to others.
    pub(crate) fn dismantle(&self) {
        if self.state.borrow_mut().up {
            self.end(Death::Machine);
        }
    }

    /// Its machine, where `party` lives.
    pub(crate) fn host(&self, party: Party) -> Host {
        let dead = self.state.borrow_mut().held.dead();
        self.machines.host(&self.place, party, dead)
    }

    fn emit(&self, kind: EventKind, value: u64) {
        self.sim.emit(Event { entity: self.place.id.0, kind: kind as u8, value });
    }
}
