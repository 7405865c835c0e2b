use std::collections::BTreeMap;

use cascadia_sim_core::Local;

use super::{Act, Ask, Keeping, StorePlan};

/// What the replicas of a store keep. It outlives them all.
pub(crate) struct Keeper {
    pub(crate) keeping: Keeping,
    state: Local<State>,
}

#[derive(Default)]
struct State {
    /// The version of each row, for each replica.
    rows: Vec<BTreeMap<u64, u64>>,
    /// The newest version of each row of which it was said that it is kept.
    acknowledged: BTreeMap<u64, u64>,
    /// The last version.
    last: u64,
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
}

/// Somebody else has written before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conflict;

impl Keeper {
    pub(crate) fn new(plan: &StorePlan) -> Self {
        Self { keeping: plan.keeping, state: Local::default() }
    }

    /// Several keep the same rows.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.keeping, Keeping::Quorum { .. })
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
    pub(crate) fn act(&self, replica: u32, act: Act, ask: Ask) -> Result<u64, Conflict> {
        let state = &mut *self.state.borrow_mut();
        let at = replica as usize;
        if state.rows.len() <= at {
            state.rows.resize_with(at + 1, BTreeMap::new);
        }
        let now = state.rows[at].get(&ask.row).copied().unwrap_or(0);
        let version = match act {
            Act::Read => return Ok(now),
            Act::Write => ask.version,
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
}
