use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::store::MemoryStore;
use cascadia_patterns::two_phase::{Decision, Seen, TransactionId};
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use super::plan::TwoPhasePlan;
use crate::effects::{Tally, Witness};

/// What coordinators have in common: the rows of their store, and who knows everything.
pub(crate) struct Hub {
    pub(super) rows: MemoryStore,
    pub(crate) witness: Arc<Witness>,
    state: Local<State>,
}

#[derive(Default)]
struct State {
    /// What the transactions are for that commit.
    names: BTreeMap<TransactionId, SagaId>,
    /// What commits, or has committed.
    committed: BTreeSet<SagaId>,
    /// Since when a branch is in doubt, by its step.
    doubts: BTreeMap<(Arc<str>, TransactionId), Time>,
    /// Transactions that were begun, of whatever was not decided before, and those that were aborted.
    started: u64,
    aborted: u64,
    /// Those of them that are not decided.
    open: u64,
    /// Asks that ran into a lock.
    locked: u64,
}

impl Hub {
    pub(super) fn new(plan: &TwoPhasePlan) -> Self {
        let (rows, witness) = (MemoryStore::new(), Arc::new(Witness::new(plan.names())));
        Self { rows, witness, state: Local::default() }
    }

    /// What a commit of a coordinator says of what it decides.
    pub(super) fn sights(&self, seen: Vec<Seen>) -> Vec<(SagaId, Sight)> {
        let State { names, committed, .. } = &mut *self.state.borrow_mut();
        let sight = |seen| match seen {
            Seen::Commits(id, name) => {
                let name = SagaId::from(name);
                names.insert(id, name.clone());
                committed.insert(name.clone());
                Some((name, Sight::Live))
            }
            Seen::Committed(id) => Some((names.remove(&id)?, Sight::Completed)),
        };
        seen.into_iter().filter_map(sight).collect()
    }

    /// A transaction begins for something, if that is not decided already. Whether it does.
    pub(super) fn begins(&self, name: &SagaId, now: Time) -> bool {
        let is_new = self.saw(name, Sight::Live, now);
        let state = &mut *self.state.borrow_mut();
        state.started += u64::from(is_new);
        state.open += u64::from(is_new);
        is_new
    }

    /// A transaction for something is decided, or forgotten, which is as good as aborted.
    pub(super) fn ends(&self, name: &SagaId, decision: Decision, now: Time) {
        self.state.borrow_mut().open -= 1;
        if decision == Decision::Abort {
            self.saw(name, Sight::Compensated, now);
            self.state.borrow_mut().aborted += 1;
        }
    }

    fn saw(&self, name: &SagaId, sight: Sight, now: Time) -> bool {
        let has_committed = self.state.borrow_mut().committed.contains(name);
        if !has_committed {
            self.witness.saw(name.clone(), sight, now);
        }
        !has_committed
    }

    /// How transactions stand. What is tried again is another one.
    pub(super) fn tally(&self) -> Tally {
        let (tally, state) = (self.witness.tally(), self.state.borrow_mut());
        let (started, compensated) = (state.started, state.aborted);
        let running = state.open + state.names.len() as u64;
        Tally { started, running, compensated, ..tally }
    }

    /// A branch is in doubt from now on, or is no more.
    pub(super) fn doubts(&self, step: &Arc<str>, id: TransactionId, since: Option<Time>) {
        let doubts = &mut self.state.borrow_mut().doubts;
        match since {
            Some(since) => drop(doubts.insert((Arc::clone(step), id), since)),
            None => drop(doubts.remove(&(Arc::clone(step), id))),
        }
    }

    /// An ask ran into a lock.
    pub(crate) fn locked(&self) {
        self.state.borrow_mut().locked += 1;
    }

    /// How many branches are in doubt, since when the oldest, and how often somebody ran into a lock.
    pub(super) fn figures(&self) -> (u64, Option<Time>, u64) {
        let state = self.state.borrow_mut();
        (state.doubts.len() as u64, state.doubts.values().min().copied(), state.locked)
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hub")
    }
}
