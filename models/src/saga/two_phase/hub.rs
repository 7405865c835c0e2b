use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::store::MemoryStore;
use cascadia_patterns::two_phase::{Decision, Seen, TransactionId};
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use super::kept::Kept;
use super::plan::TwoPhasePlan;
use crate::component::Tries;
use crate::effects::{Keeper, Tally, UnderWay, Witness};
use crate::saga::table::CHANGES;

/// What coordinators have in common: the rows of their store, and who knows everything.
pub(crate) struct Hub {
    pub(super) rows: MemoryStore,
    pub(crate) witness: Arc<Witness>,
    pub(super) kept: Arc<Kept>,
    state: Local<State>,
}

#[derive(Default)]
struct State {
    /// What the transactions are for that commit.
    names: BTreeMap<TransactionId, SagaId>,
    /// How many tries of a request are left, and what it is for.
    tries: BTreeMap<u64, (u32, Option<UnderWay>)>,
    /// Since when a branch is in doubt, by its step. What it is for is not forgotten meanwhile.
    doubts: BTreeMap<(Arc<str>, TransactionId), (Time, Option<UnderWay>)>,
    /// Transactions that were begun, of whatever was not decided before, and those that were aborted.
    started: u64,
    aborted: u64,
    /// Those of them that are not decided.
    open: u64,
    /// Asks that ran into a lock.
    locked: u64,
    /// When it was looked at last.
    looked: Time,
}

/// A branch that does not know what was decided.
pub(super) struct Doubt {
    pub(super) step: Arc<str>,
    pub(super) name: SagaId,
    pub(super) since: Time,
}

impl Hub {
    pub(super) fn new(plan: &TwoPhasePlan) -> Self {
        let (rows, witness) = (MemoryStore::keeping(CHANGES), Arc::new(Witness::new(plan.names())));
        let kept = Arc::new(Kept::new(rows.clone(), plan.config("")));
        let keeper: Arc<dyn Keeper> = Arc::clone(&kept) as _;
        witness.kept_by(&keeper);
        Self { rows, witness, kept, state: Local::default() }
    }

    /// What a commit of a coordinator says of what it decides.
    pub(super) fn sights(&self, seen: Vec<Seen>) -> Vec<(SagaId, Sight)> {
        let State { names, .. } = &mut *self.state.borrow_mut();
        let sight = |seen| match seen {
            Seen::Commits(id, name) => {
                let name = SagaId::from(name);
                names.insert(id, name.clone());
                self.kept.commits(name.clone());
                Some((name, Sight::Live))
            }
            Seen::Committed(id) => Some((names.remove(&id)?, Sight::Completed)),
        };
        seen.into_iter().filter_map(sight).collect()
    }

    /// A transaction begins for what a request is for, if that is not decided already. It is under way then until it is.
    pub(super) fn begins(&self, name: &SagaId, request: u64, now: Time) -> Option<UnderWay> {
        let is_new = self.saw(name, Sight::Live, now);
        let under_way = || UnderWay::new(&self.witness, name.clone());
        let state = &mut *self.state.borrow_mut();
        if let Some((_, tried)) = state.tries.get_mut(&request) {
            tried.get_or_insert_with(under_way);
        }
        state.started += u64::from(is_new);
        state.open += u64::from(is_new);
        is_new.then(under_way)
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
        let has_committed = self.kept.has_committed(name);
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
        let Some(since) = since else { return drop(doubts.remove(&(Arc::clone(step), id))) };
        let name = self.kept.name(&id);
        let under_way = name.map(|name| UnderWay::new(&self.witness, name));
        doubts.insert((Arc::clone(step), id), (since, under_way));
    }

    /// An ask ran into a lock.
    pub(crate) fn locked(&self) {
        self.state.borrow_mut().locked += 1;
    }

    /// The branch that has been in doubt for longest.
    pub(super) fn doubt(&self) -> Option<Doubt> {
        let state = self.state.borrow_mut();
        let oldest = state.doubts.iter().min_by_key(|(_, (since, _))| *since);
        let ((step, id), (since, _)) = oldest?;
        Some(Doubt { step: Arc::clone(step), name: self.kept.name(id)?, since: *since })
    }

    /// When it was looked at last.
    pub(super) fn looked(&self) -> Time {
        self.state.borrow_mut().looked
    }

    /// How many branches are in doubt now, since when the oldest, and how often somebody ran into a lock.
    pub(super) fn figures(&self, now: Time) -> (u64, Option<Time>, u64) {
        let state = &mut *self.state.borrow_mut();
        state.looked = now;
        let since = state.doubts.values().map(|(since, _)| *since).min();
        (state.doubts.len() as u64, since, state.locked)
    }
}

impl Tries for Hub {
    fn begins(&self, key: u64) {
        self.state.borrow_mut().tries.entry(key).or_default().0 += 1;
    }

    fn over(&self, key: u64) {
        let tries = &mut self.state.borrow_mut().tries;
        if let Some((left, _)) = tries.get_mut(&key) {
            *left -= 1;
            if *left == 0 {
                tries.remove(&key);
            }
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hub")
    }
}
