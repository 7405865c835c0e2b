use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::store::Store;
use cascadia_runtime::{Draw, Runtime as _, Time};
use cascadia_sim_core::{Local, Sim};

use super::standby::{Rows, Standby};
use super::{Act, Ask, Conflict, Keeping, Locks, StorePlan};
use crate::laws::Law;

/// What the replicas of a store keep. It outlives them all.
pub(crate) struct Keeper {
    pub(crate) plan: StorePlan,
    pub(crate) locks: Arc<Locks>,
    /// What it keeps besides, of messages.
    pub(crate) table: Arc<dyn Store>,
    state: Local<State>,
}

struct State {
    /// What each replica has.
    rows: Vec<Rows>,
    /// The newest version of each row of which it was said that it is kept.
    acknowledged: Rows,
    /// The last version.
    last: u64,
    /// Who leads, if one does.
    standby: Option<Standby>,
}

/// What a store has told who asked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// What it has read, which may miss a write that was acknowledged before the read began.
    Read { is_stale: bool },
    /// That it has written.
    Written,
    /// That it has not, as somebody else had before.
    Conflict,
    /// What is no longer so: this many rows have lost what was acknowledged.
    Lost(u64),
    /// That another replica was elected, or the same once more.
    Elected,
}

impl Keeper {
    /// That of a store with so many replicas.
    pub(crate) fn new(plan: &StorePlan, replicas: u32, table: Arc<dyn Store>) -> Arc<Self> {
        let standby = match plan.keeping {
            Keeping::Replicated { failover, .. } => Some(Standby::new(replicas, failover)),
            Keeping::Rows | Keeping::Quorum { .. } | Keeping::Elected(_) => None,
        };
        let rows = vec![Rows::new(); replicas as usize];
        let state = State { rows, acknowledged: BTreeMap::new(), last: 0, standby };
        let (plan, locks) = (plan.clone(), Arc::default());
        Arc::new(Self { plan, locks, table, state: Local::new(state) })
    }

    /// Several keep the same rows, and ask each other.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.plan.keeping, Keeping::Quorum { .. })
    }

    /// The next version, which is later than all others.
    pub(crate) fn next(&self) -> u64 {
        let state = &mut *self.state.borrow_mut();
        state.last += 1;
        state.last
    }

    /// The newest version of a row that was acknowledged.
    pub(crate) fn acknowledged(&self, row: u64) -> u64 {
        self.state.borrow_mut().acknowledged.get(&row).copied().unwrap_or(0)
    }

    /// Does something to a row of a replica, and says which version it has now. The later of two
    /// writes is kept, whatever the order in which they come.
    pub(crate) fn act(&self, replica: u32, act: Act, ask: &Ask) -> Result<u64, Conflict> {
        let state = &mut *self.state.borrow_mut();
        let at = replica as usize;
        let now = state.rows[at].get(&ask.row).copied().unwrap_or(0);
        let version = match act {
            Act::Read => return Ok(now),
            Act::Write | Act::Transact => ask.version,
            Act::Compare if now != ask.version => return Err(Conflict),
            Act::Compare => {
                state.last += 1;
                state.last
            }
        };
        state.rows[at].insert(ask.row, now.max(version));
        Ok(version)
    }

    /// A version of a row is acknowledged.
    pub(crate) fn acknowledge(&self, row: u64, version: u64) {
        let newest = &mut self.state.borrow_mut().acknowledged;
        let newest = newest.entry(row).or_default();
        *newest = version.max(*newest);
    }

    /// Sends what the leader has written to all others. Returns when so many have it as must have it
    /// before that is acknowledged: never, where too few are up.
    pub(crate) fn replicate(
        self: &Arc<Self>,
        sim: Sim,
        (row, version): (u64, u64),
        draw: impl Fn(u32) -> Draw,
    ) -> Option<Time> {
        let Keeping::Replicated { lag, synchronous, .. } = &self.plan.keeping else {
            return Some(sim.now());
        };
        let mut due = self.send(sim, (row, version), lag, draw);
        due.sort_unstable();
        match (*synchronous as usize).checked_sub(1) {
            Some(last) => due.get(last).copied(),
            None => Some(sim.now()),
        }
    }

    fn send(
        self: &Arc<Self>,
        sim: Sim,
        (row, version): (u64, u64),
        lag: &Law,
        draw: impl Fn(u32) -> Draw,
    ) -> Vec<Time> {
        let state = &mut *self.state.borrow_mut();
        let standby = state.standby.as_mut().expect("one leads");
        let (leader, term, mut all) = (standby.leader, standby.term, Vec::new());
        for follower in (0..state.rows.len() as u32).filter(|follower| *follower != leader) {
            let lag = lag.sample(&mut draw(follower));
            let Some(due) = standby.due(sim.now(), follower, lag) else { continue };
            let keeper = Arc::clone(self);
            sim.at(due, move || keeper.arrive(term, follower, (row, version)));
            all.push(due);
        }
        all
    }

    /// Something that the leader has sent in a term comes to a follower.
    fn arrive(&self, term: u64, follower: u32, (row, version): (u64, u64)) {
        let State { rows, standby, .. } = &mut *self.state.borrow_mut();
        if standby.as_ref().is_some_and(|standby| standby.follows(follower, term)) {
            rows[follower as usize].insert(row, version);
        }
    }

    /// A life of a replica begins.
    pub(crate) fn boots(&self, replica: u32) {
        let State { rows, standby, .. } = &mut *self.state.borrow_mut();
        if let Some(standby) = standby {
            standby.boots(replica, rows);
        }
    }

    /// A life of a replica ends. If it led, this is when another takes over.
    pub(crate) fn dies(&self, now: Time, replica: u32) -> Option<Time> {
        self.state.borrow_mut().standby.as_mut()?.dies(now, replica)
    }

    /// Another leads from now on, if it is time: who leads, and how many rows have lost what was
    /// acknowledged.
    pub(crate) fn take_over(&self, now: Time) -> Option<(u32, u64)> {
        let State { rows, standby, acknowledged, .. } = &mut *self.state.borrow_mut();
        let standby = standby.as_mut()?;
        let leader = standby.take_over(now, rows)?;
        let mut lost = 0;
        for (row, version) in acknowledged.iter_mut() {
            let kept = rows[leader as usize].get(row).copied().unwrap_or(0);
            lost += u64::from(kept < *version);
            *version = kept.min(*version);
        }
        Some((leader, lost))
    }
}
