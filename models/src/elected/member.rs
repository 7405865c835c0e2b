use std::sync::Arc;

use cascadia_patterns::raft::Role;
use cascadia_runtime::Time;
use cascadia_sim_core::Local;
use futures::channel::oneshot::Receiver;

use super::ledger::Ledger;
use super::letter::Letter;
use super::running::{Outside, Running};
use crate::component::Life;
use crate::exchange::Exchange;
use crate::ids::Instance;
use crate::journal::Journal;
use crate::measure::ServiceMeter;
use crate::script::Log;
use crate::store::{Applied, Command, ElectedPlan, Locks};
use crate::world::World;

/// The file of the log.
const FILE: &str = "log";

/// The member of a log that a replica of a store is.
pub(crate) struct LogMember {
    outside: Outside,
    /// Nothing while it is down, and while it reads its disk.
    state: Local<Option<Running>>,
}

impl LogMember {
    pub(crate) fn new(
        world: &Arc<World>,
        me: Instance,
        plan: &ElectedPlan,
        (ledger, meter): (&Arc<Ledger>, &Arc<Local<ServiceMeter>>),
    ) -> Arc<Self> {
        let outside = Outside {
            world: Arc::clone(world),
            ledger: Arc::clone(ledger),
            meter: Arc::clone(meter),
            me,
            plan: plan.clone(),
        };
        Arc::new(Self { outside, state: Local::default() })
    }

    /// A life begins. It takes part from when it has read what earlier ones have left; where that
    /// cannot be read, it never does.
    pub(crate) fn boot(self: &Arc<Self>, life: Life) {
        let (member, own) = (Arc::clone(self), life.clone());
        life.spawn(async move {
            if let Ok(journal) = Journal::open(&own, FILE).await {
                let running = Running::new(&member.outside, own, journal);
                *member.state.borrow_mut() = Some(running);
                member.turn(|_, _| {});
            }
        });
    }

    /// A life ends.
    pub(crate) fn end(&self) {
        let ended = self.state.borrow_mut().take();
        // Who waits is woken, and may look here.
        drop(ended);
    }

    /// Another member has sent something.
    pub(crate) fn receive(self: &Arc<Self>, letter: Box<dyn std::any::Any + Send>) {
        if let Ok(letter) = letter.downcast::<Letter>() {
            let Letter { from, message } = *letter;
            self.turn(|running, now| running.raft.on_message(now, from, message));
        }
    }

    /// Something happens, and all that follows from it.
    fn turn<T>(self: &Arc<Self>, event: impl FnOnce(&mut Running, Time) -> T) -> Option<T> {
        let state = &mut *self.state.borrow_mut();
        let running = state.as_mut()?;
        let happened = event(running, self.outside.world.now());
        if running.settle(&self.outside) {
            let (member, life) = (Arc::clone(self), running.life.clone());
            running.life.spawn(async move { member.write(&life).await });
        }
        self.arm(running);
        Some(happened)
    }

    /// Sees to it that it is woken in time.
    fn arm(self: &Arc<Self>, running: &mut Running) {
        let due = running.raft.next_deadline();
        if due < running.armed {
            running.armed = due;
            let (member, incarnation) = (Arc::clone(self), running.life.incarnation());
            self.outside.world.sim.at(due, move || member.wake(incarnation, due));
        }
    }

    /// It is woken, if the life that wanted it goes on and wants nothing earlier.
    fn wake(self: &Arc<Self>, incarnation: u64, due: Time) {
        self.turn(|running, now| {
            if running.life.incarnation() == incarnation && running.armed == due {
                running.armed = Time::MAX;
                running.raft.on_tick(now);
            }
        });
    }

    /// Writes what there is to write, until there is nothing more. A disk that fails ends its part in
    /// this life: what it has is unknown.
    async fn write(self: Arc<Self>, life: &Life) {
        while let Some(record) = self.turn(|running, _| running.journal.next()).flatten() {
            let number = record.number;
            match record.write(life).await {
                Ok(()) => drop(self.turn(|running, now| running.raft.on_persisted(now, number))),
                Err(_) => return self.end(),
            }
        }
    }
}

impl Log for Arc<LogMember> {
    fn leads(&self) -> bool {
        let state = &*self.state.borrow_mut();
        state.as_ref().is_some_and(|running| running.raft.status().role == Role::Leader)
    }

    fn locks(&self) -> Arc<Locks> {
        let state = &*self.state.borrow_mut();
        state.as_ref().map(|running| Arc::clone(&running.locks)).unwrap_or_default()
    }

    fn propose(&self, exchange: &Exchange, command: &Command) -> Option<Receiver<Applied>> {
        self.turn(|running, _| {
            let proposed = running.raft.propose(command.encode()).ok()?;
            if let Some(deed) = exchange.deed() {
                self.outside.ledger.propose(command.number, (deed, exchange.request.origin));
            }
            Some(running.wishes.write(proposed))
        })?
    }

    fn read(&self, row: u64) -> Option<Receiver<u64>> {
        self.turn(|running, now| {
            let (number, receiver) = running.wishes.read(row);
            if running.raft.read(now, number).is_err() {
                running.wishes.end_read(number);
                return None;
            }
            Some(receiver)
        })?
    }
}
