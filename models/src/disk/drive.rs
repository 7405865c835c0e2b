use std::fmt;
use std::io;
use std::sync::Arc;

use cascadia_runtime::{Draw, Identity, Loss, Platter, Runtime as _, Stream, Time};
use cascadia_sim_core::{Local, Sim};

use super::settings::DiskPlan;
use super::trouble::Trouble;
use crate::laws::nearest;

/// The disk of a place.
pub(crate) struct Drive {
    sim: Sim,
    /// That of its place.
    name: String,
    plan: DiskPlan,
    state: Local<State>,
}

struct State {
    platter: Platter,
    /// Lives that have ended. Who used it in one of them uses it no more.
    lives: u64,
    /// When it will have done everything that it was asked for.
    free: Time,
    /// Draws how long things take.
    times: Stream,
    /// Draws what is lost and spoilt.
    losses: Stream,
    /// What is wrong with it, by the number of the fault.
    troubles: Vec<(usize, Trouble)>,
}

/// Something that takes time.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Read(usize),
    Write(usize),
    Sync,
}

impl Drive {
    /// That of a place of this name.
    pub(crate) fn new(sim: Sim, name: &str, place: Identity, plan: &DiskPlan) -> Arc<Self> {
        let stream = |purpose| sim.stream(place.name("disk").name(purpose), 0);
        let state = State {
            platter: Platter::new(plan.size),
            lives: 0,
            free: Time::ZERO,
            times: stream("times"),
            losses: stream("losses"),
            troubles: Vec::new(),
        };
        let (name, plan) = (name.to_owned(), plan.clone());
        Arc::new(Self { sim, name, plan, state: Local::new(state) })
    }

    /// How many lives have ended here.
    pub(super) fn lives(&self) -> u64 {
        self.state.borrow_mut().lives
    }

    /// Looks at it, or changes what takes no time, in a life that must still go on.
    pub(super) fn at_once<T>(
        &self,
        life: u64,
        look: impl FnOnce(&mut Platter) -> T,
    ) -> io::Result<T> {
        let state = &mut *self.state.borrow_mut();
        state.check(life)?;
        Ok(look(&mut state.platter))
    }

    /// Does something that takes time, in a life that must still go on. It is told when it is done.
    pub(super) fn act<T>(
        &self,
        life: u64,
        act: Act,
        does: impl FnOnce(&mut Platter, Time) -> io::Result<T>,
    ) -> io::Result<T> {
        let state = &mut *self.state.borrow_mut();
        state.check(life)?;
        let reached = self.sim.blocked_until();
        let reached = reached.expect("a disk takes time, so it is used in blocking work only");
        state.platter.settle(self.sim.now());
        state.free = reached.max(state.free).after(self.plan.nanos(act, state));
        self.sim.block_until(state.free);
        does(&mut state.platter, state.free)
    }

    /// The process that used it has died. The kernel still has what it had written.
    pub(crate) fn leave(&self) {
        self.state.borrow_mut().end(self.sim.now(), Loss::None);
    }

    /// Its machine has died.
    pub(crate) fn lose_power(&self) {
        let state = &mut *self.state.borrow_mut();
        let kinds = [Loss::All, Loss::Tail, Loss::Sectors];
        let loss = kinds[state.losses.below(kinds.len() as u64) as usize];
        state.end(self.sim.now(), loss);
    }

    /// Fault number `fault` begins or ends.
    pub(crate) fn turn(&self, fault: usize, trouble: Trouble, begins: bool) {
        let state = &mut *self.state.borrow_mut();
        match begins {
            true => state.troubles.push((fault, trouble)),
            false => state.troubles.retain(|(held, _)| *held != fault),
        }
        match trouble {
            Trouble::Full if begins => state.platter.hold(state.platter.used()),
            Trouble::Full if !state.is_full() => state.platter.hold(self.plan.size),
            Trouble::Corrupt if begins => state.corrupt(),
            Trouble::Slow(_) | Trouble::Full | Trouble::Corrupt => {}
        }
    }
}

impl DiskPlan {
    fn nanos(&self, act: Act, state: &mut State) -> u64 {
        let (law, bytes) = match act {
            Act::Read(bytes) => (&self.read, bytes),
            Act::Write(bytes) => (&self.write, bytes),
            Act::Sync => (&self.sync, 0),
        };
        let moved = self.bandwidth.map_or(0.0, |rate| bytes as f64 * 1e9 / rate as f64);
        let own = law.sample(&mut Draw::new(state.times.next_u64(), 0, 0)) as f64;
        nearest((own + moved) * state.slowness())
    }
}

impl State {
    fn check(&self, life: u64) -> io::Result<()> {
        match self.lives == life {
            true => Ok(()),
            false => Err(io::Error::other("the life that this was opened in has ended")),
        }
    }

    /// A life ends.
    fn end(&mut self, now: Time, loss: Loss) {
        self.platter.crash(now, loss, &mut self.losses);
        self.free = self.free.min(now);
        self.lives += 1;
    }

    fn slowness(&self) -> f64 {
        let factor = |(_, trouble): &(usize, Trouble)| match trouble {
            Trouble::Slow(factor) => Some(*factor),
            Trouble::Full | Trouble::Corrupt => None,
        };
        self.troubles.iter().filter_map(factor).product()
    }

    fn is_full(&self) -> bool {
        self.troubles.iter().any(|(_, trouble)| *trouble == Trouble::Full)
    }

    fn corrupt(&mut self) {
        let mut names = self.platter.names();
        names.retain(|name| self.platter.bytes(name).is_ok_and(|bytes| !bytes.is_empty()));
        if !names.is_empty() {
            let which = self.losses.below(names.len() as u64) as usize;
            self.platter.corrupt(&names[which], &mut self.losses);
        }
    }
}

impl fmt::Debug for Drive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Drive of {}", self.name)
    }
}
