use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::Failure;
use cascadia_runtime::Runtime as _;
use cascadia_sim_core::{Event, Local, Sim};

use super::event::EventKind;
use super::machines::Machines;
use crate::component::{
    Body, Component, Death, Drained, Envelope, Ground, Held, Life, Outbox, Place,
};
use crate::disk::{Drive, Trouble};
use crate::exchange::ServiceError;
use crate::plan::Party;
use crate::tcp::Host;

/// A component where it lives, and each of its lives from beginning to end.
pub(crate) struct Resident {
    pub(crate) place: Arc<Place>,
    pub(crate) component: Arc<dyn Component>,
    sim: Sim,
    machines: Arc<Machines>,
    pub(crate) outbox: Arc<Outbox>,
    /// Where it keeps what outlives it, if anything.
    disk: Option<Arc<Drive>>,
    state: Local<State>,
}

struct State {
    standing: Standing,
    /// Faults in force that hold it down.
    held: Held,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Before its first life, and while faults hold it down.
    Down,
    Up,
    /// It is to leave, and takes what is on its way to it.
    Leaving,
    /// It is to leave, and ends what is under way.
    Draining,
    /// It will never live again.
    Left,
}

impl Resident {
    pub(crate) fn new(
        sim: Sim,
        machines: &Arc<Machines>,
        place: Arc<Place>,
        component: Arc<dyn Component>,
        disk: Option<Arc<Drive>>,
    ) -> Arc<Self> {
        let machines = Arc::clone(machines);
        let outbox = Outbox::new(sim, &place);
        let state = Local::new(State { standing: Standing::Down, held: Held::default() });
        Arc::new(Self { place, component, sim, machines, outbox, disk, state })
    }

    /// Begins a life.
    pub(crate) fn boot(&self, ground: &Arc<dyn Ground>) {
        self.stand(Standing::Up);
        self.sim.restart(self.place.node);
        self.machines.boot(&self.place);
        Arc::clone(&self.component).boot(Life {
            place: Arc::clone(&self.place),
            incarnation: self.place.incarnation(),
            sim: self.sim,
            ground: Arc::clone(ground),
            outbox: Arc::clone(&self.outbox),
            disk: self.disk.clone(),
        });
    }

    /// Something is delivered. Whoever is down does not see it, and who is to leave sees no more
    /// calls. Says whether it was received.
    pub(crate) fn deliver(&self, envelope: Envelope) -> bool {
        let standing = self.state.borrow_mut().standing;
        let received = match standing {
            Standing::Up | Standing::Leaving => true,
            Standing::Draining => !matches!(envelope.body, Body::Request(_)),
            Standing::Down | Standing::Left => false,
        };
        if received {
            Arc::clone(&self.component).receive(envelope);
        } else if let Body::Request(exchange) = envelope.body
            && self.refuses()
        {
            self.emit(EventKind::Refused, exchange.key);
            exchange.answer(Err(Failure::Service(ServiceError::refused())));
        }
        received
    }

    /// Whether messages are received.
    pub(crate) fn is_there(&self) -> bool {
        !matches!(self.state.borrow_mut().standing, Standing::Down | Standing::Left)
    }

    /// Whether its machine tells who comes that nobody listens.
    pub(crate) fn refuses(&self) -> bool {
        self.dead() == Some(Death::Process) || !self.is_member()
    }

    /// One more fault holds it down, or one less.
    pub(crate) fn hold_down(&self, ground: &Arc<dyn Ground>, death: Death, begins: bool) {
        let (standing, before, after) = {
            let State { standing, held } = &mut *self.state.borrow_mut();
            let before = held.dead();
            held.turn(death, begins);
            (*standing, before, held.dead())
        };
        match (standing, before, after) {
            (Standing::Left, ..) => {}
            (Standing::Leaving | Standing::Draining, _, Some(death)) => {
                self.leave_for_good(ground, death);
            }
            (_, None, Some(death)) => {
                self.emit(EventKind::State, 0);
                ground.changed(&self.place, "up", "down");
                self.end(Standing::Down, death);
            }
            (_, Some(_), None) => {
                self.emit(EventKind::State, 1);
                ground.changed(&self.place, "down", "up");
                self.boot(ground);
            }
            (_, _, Some(death)) => {
                self.machines.end(&self.place, death);
                self.lose(death);
            }
            (_, None, None) => {}
        }
    }

    /// Begins the first life of one that was not there before.
    pub(crate) fn join(&self, ground: &Arc<dyn Ground>) {
        self.emit(EventKind::Member, 0);
        ground.changed(&self.place, "absent", "up");
        self.boot(ground);
    }

    /// It is called no more. It takes what comes for a while of `grace`, ends what is under way, and
    /// then its last life. Who is down has nothing to end.
    pub(crate) fn leave(self: &Arc<Self>, ground: &Arc<dyn Ground>, grace: Duration) {
        let standing = self.state.borrow_mut().standing;
        match standing {
            Standing::Up => {}
            Standing::Down => {
                self.emit(EventKind::Member, 2);
                ground.changed(&self.place, "down", "left");
                return self.stand(Standing::Left);
            }
            Standing::Leaving | Standing::Draining | Standing::Left => return,
        }
        self.emit(EventKind::Member, 1);
        ground.changed(&self.place, "up", "draining");
        self.stand(Standing::Leaving);
        if grace.is_zero() {
            return self.drain(ground);
        }
        let (sim, who, ground) = (self.sim, Arc::downgrade(self), Arc::clone(ground));
        sim.at(sim.now() + grace, move || {
            if let Some(who) = who.upgrade() {
                who.drain(&ground);
            }
        });
    }

    /// It takes no more calls, and is gone once it has ended those that it has.
    fn drain(self: &Arc<Self>, ground: &Arc<dyn Ground>) {
        if self.state.borrow_mut().standing != Standing::Leaving {
            return;
        }
        self.stand(Standing::Draining);
        let (sim, who, ground) = (self.sim, Arc::downgrade(self), Arc::clone(ground));
        // What is under way may end in the middle of a task of its own.
        let drained = Drained::new(move || {
            sim.at(sim.now(), move || {
                if let Some(who) = who.upgrade() {
                    who.drained(&ground);
                }
            });
        });
        Arc::clone(&self.component).drain(drained);
    }

    /// Nothing is under way any more at who is to leave.
    fn drained(&self, ground: &Arc<dyn Ground>) {
        let standing = self.state.borrow_mut().standing;
        if standing == Standing::Draining {
            self.leave_for_good(ground, Death::Process);
        }
    }

    /// Ends the last life.
    fn leave_for_good(&self, ground: &Arc<dyn Ground>, death: Death) {
        self.emit(EventKind::Member, 2);
        ground.changed(&self.place, "draining", "left");
        self.end(Standing::Left, death);
    }

    fn end(&self, standing: Standing, death: Death) {
        self.fall(standing, death);
        self.sim.kill(self.place.node);
        self.component.ended(death);
    }

    /// A life ends, but for its tasks.
    fn fall(&self, standing: Standing, death: Death) {
        self.stand(standing);
        self.place.end_life();
        self.lose(death);
        self.machines.end(&self.place, death);
        self.component.end(death);
    }

    /// What its disk had no time for is lost.
    fn lose(&self, death: Death) {
        match (&self.disk, death) {
            (Some(disk), Death::Process) => disk.leave(),
            (Some(disk), Death::Machine) => disk.lose_power(),
            (None, _) => {}
        }
    }

    /// A fault begins or ends at its disk, if there is one.
    pub(crate) fn trouble(&self, fault: usize, trouble: Trouble, begins: bool) {
        if let Some(disk) = &self.disk {
            disk.turn(fault, trouble, begins);
        }
    }

    /// Ends the last lives when the run is over, which also lets go of what holds on to others.
    pub(crate) fn dismantle(all: &[Arc<Self>], sim: Sim) {
        let lives =
            |standing| matches!(standing, Standing::Up | Standing::Leaving | Standing::Draining);
        let living = all.iter().filter(|resident| lives(resident.state.borrow_mut().standing));
        let living: Vec<&Arc<Self>> = living.collect();
        living.iter().for_each(|resident| resident.fall(Standing::Left, Death::Machine));
        let nodes: Vec<_> = living.iter().map(|resident| resident.place.node).collect();
        sim.kill_all(&nodes);
        living.iter().for_each(|resident| resident.component.ended(Death::Machine));
    }

    /// Whether it may be called, now or when it is up again.
    pub(crate) fn is_member(&self) -> bool {
        matches!(self.state.borrow_mut().standing, Standing::Down | Standing::Up)
    }

    /// Its machine, where `party` lives.
    pub(crate) fn host(&self, party: Party) -> Host {
        self.machines.host(&self.place, party, self.dead())
    }

    /// What of it is dead.
    fn dead(&self) -> Option<Death> {
        let State { standing, held } = &*self.state.borrow_mut();
        let left = (*standing == Standing::Left).then_some(Death::Process);
        held.dead().or(left)
    }

    fn stand(&self, standing: Standing) {
        self.state.borrow_mut().standing = standing;
    }

    fn emit(&self, kind: EventKind, value: u64) {
        self.sim.emit(Event { entity: self.place.id.0, kind: kind as u8, value });
    }
}
