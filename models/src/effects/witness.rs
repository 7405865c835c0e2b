use std::collections::{BTreeMap, btree_map};
use std::sync::Arc;

use cascadia_patterns::saga::definition::Definition;
use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::saga::{Command, Direction, SagaId};
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use super::keeper::Keeper;
use super::locks::Locks;
use super::tale::{Effect, Orphaned, Tale};
use super::tally::Tally;
use super::work::Work;
use crate::ledgers::Entry;

/// Who knows of all sagas of a definition.
pub(crate) struct Witness {
    /// The names of the steps, in their order.
    steps: Vec<Arc<str>>,
    /// The stage of each: those of a lower one are done before.
    stages: Vec<usize>,
    told: Local<Told>,
    locked: Local<Locked>,
    open: Local<Open>,
}

/// What is known of what sagas lock.
#[derive(Default)]
struct Locked {
    /// Where they do.
    at: Vec<Arc<Locks>>,
    /// Commands that have met the lock of another one.
    met: u64,
    /// Sagas that have ended with a lock.
    left: u64,
    /// Steps that were done without the lock that they need.
    without: u64,
}

/// Of which sagas something is under way, and who keeps what of them.
#[derive(Default)]
struct Open {
    /// How much of it there is.
    under_way: BTreeMap<SagaId, u32>,
    /// Who forgets those that have ended well when nothing is under way for them; nobody, where that is not known.
    keepers: Vec<Arc<dyn Keeper>>,
}

/// What is known of each, and how they stand together: many are asked for that, and most have ended.
#[derive(Default)]
struct Told {
    /// They are large, and others come and go beside them.
    tales: BTreeMap<SagaId, Box<Tale>>,
    tally: Tally,
}

/// How many sagas, or steps of them, have broken what is promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Sagas that have gone back, and left something in a ledger.
    pub(crate) unbalanced: u64,
    /// Sagas of which not what was done last was undone first.
    pub(crate) disordered: u64,
    /// Steps that were done after their undo.
    pub(crate) late: u64,
    /// Steps that were done for an earlier epoch than one that was heard of.
    pub(crate) stale: u64,
    /// Locks of sagas that have ended.
    pub(crate) left: u64,
    /// Steps that were done without the lock that they need.
    pub(crate) without: u64,
}

/// A saga that is worth a closer look, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) saga: SagaId,
    pub(crate) why: String,
    pub(crate) begun: Option<Time>,
    pub(crate) noticed: Time,
}

/// Something that was done for a saga.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) step: Arc<str>,
    pub(crate) direction: Direction,
    pub(crate) work: Work,
}

/// How what sagas lock stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holdings {
    /// Commands that have met the lock of another saga.
    pub(crate) met: u64,
    /// Things that are locked.
    pub(crate) locks: u64,
    /// Since when the oldest of them is.
    pub(crate) since: Option<Time>,
}

impl Witness {
    pub(crate) fn new(steps: Vec<Arc<str>>) -> Self {
        let stages = (0..steps.len()).collect();
        let (told, locked, open) = (Local::default(), Local::default(), Local::default());
        Self { steps, stages, told, locked, open }
    }

    /// One of all sagas of a definition.
    pub(crate) fn of(definition: &Definition) -> Self {
        let steps = definition.steps().iter().map(|step| Arc::clone(&step.name));
        let stages = (0..definition.steps().len()).map(|step| definition.stage(step)).collect();
        Self { stages, ..Self::new(steps.collect()) }
    }

    /// Somebody keeps something of sagas, until it is forgotten.
    pub(crate) fn kept_by(&self, keeper: &Arc<dyn Keeper>) {
        let keepers = &mut self.open.borrow_mut().keepers;
        if !keepers.iter().any(|known| Arc::ptr_eq(known, keeper)) {
            keepers.push(Arc::clone(keeper));
        }
    }

    /// Something is under way for a saga from now on.
    pub(crate) fn begins(&self, saga: &SagaId) {
        *self.open.borrow_mut().under_way.entry(saga.clone()).or_default() += 1;
    }

    /// It is no more.
    pub(crate) fn is_over(&self, saga: &SagaId) {
        let mut open = self.open.borrow_mut();
        let btree_map::Entry::Occupied(mut left) = open.under_way.entry(saga.clone()) else {
            return;
        };
        *left.get_mut() -= 1;
        if *left.get() == 0 {
            left.remove();
            drop(open);
            self.forget(saga);
        }
    }

    /// Forgets a saga that has ended and that nobody will ask for again, if nothing is wrong with it.
    fn forget(&self, saga: &SagaId) {
        let Open { under_way, keepers } = &*self.open.borrow_mut();
        if under_way.contains_key(saga) || keepers.is_empty() {
            return;
        }
        let has_locks = self.locked.borrow_mut().at.iter().any(|locks| locks.of(saga) > 0);
        let tales = &mut self.told.borrow_mut().tales;
        let tale = tales.get(saga);
        let is_well = tale.is_some_and(|tale| tale.has_ended_well(|step| self.stage(step)));
        if is_well && !has_locks {
            tales.remove(saga);
            keepers.iter().for_each(|keeper| keeper.forget(saga));
        }
    }

    /// Of how many sagas more is known than their number.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        self.told.borrow_mut().tales.len()
    }

    /// Whether anything is known of how a saga stands.
    pub(crate) fn knows(&self, saga: &SagaId) -> bool {
        self.told.borrow_mut().tales.get(saga).is_some_and(|tale| tale.sight.is_some())
    }

    /// Something becomes known of a saga.
    fn learn(&self, saga: SagaId, what: impl FnOnce(&mut Tale)) {
        let Told { tales, tally } = &mut *self.told.borrow_mut();
        let tale = tales.entry(saga).or_default();
        what(tale);
        let counted = tale.tally(&self.steps);
        *tally = tally.moved(tale.counted, counted);
        tale.counted = counted;
    }

    /// The store of the orchestrators has this of a saga.
    pub(crate) fn saw(&self, saga: SagaId, sight: Sight, now: Time) {
        let has_ended = matches!(sight, Sight::Completed | Sight::Compensated);
        if has_ended {
            let locked = &mut *self.locked.borrow_mut();
            locked.left += locked.at.iter().map(|locks| locks.of(&saga) as u64).sum::<u64>();
        }
        self.learn(saga.clone(), |tale| {
            if tale.sight.replace(sight) != Some(sight) {
                tale.since = now;
            }
            tale.begun.get_or_insert(now);
        });
        if has_ended {
            self.forget(&saga);
        }
    }

    /// Sagas lock something there.
    pub(crate) fn locks_at(&self, locks: &Arc<Locks>) {
        let at = &mut self.locked.borrow_mut().at;
        if !at.iter().any(|known| Arc::ptr_eq(known, locks)) {
            at.push(Arc::clone(locks));
        }
    }

    /// A command has met the lock of another saga.
    pub(crate) fn met(&self) {
        self.locked.borrow_mut().met += 1;
    }

    /// A step was done that needs a lock, without it.
    pub(crate) fn without_lock(&self) {
        self.locked.borrow_mut().without += 1;
    }

    /// How what is locked stands.
    pub(crate) fn holdings(&self) -> Holdings {
        let (told, locked) = (self.told.borrow_mut(), self.locked.borrow_mut());
        let tales = &told.tales;
        let all = locked.at.iter().flat_map(|locks| locks.all());
        let own = all.filter(|(saga, _)| tales.contains_key(saga));
        own.fold(Holdings { met: locked.met, ..Holdings::default() }, |sum, (_, since)| {
            let oldest = sum.since.map_or(since, |oldest| oldest.min(since));
            Holdings { locks: sum.locks + 1, since: Some(oldest), ..sum }
        })
    }

    fn stage(&self, step: &Arc<str>) -> usize {
        let at = self.steps.iter().position(|known| known == step);
        at.map_or(usize::MAX, |at| self.stages[at])
    }

    /// Somebody who does everything once has heard a command, and done it if there are entries of it.
    pub(crate) fn heard(&self, command: &Command, work: Work, done: Option<Vec<Entry>>) {
        self.learn(command.saga.clone(), |tale| tale.hear(command, work, done));
    }

    /// Whether a step was done, or undone.
    pub(crate) fn has(&self, saga: &SagaId, step: &str, direction: Direction) -> bool {
        let tales = &self.told.borrow_mut().tales;
        let effects = tales.get(saga).map(|tale| &tale.effects[..]).unwrap_or_default();
        effects.iter().any(|effect| *effect.step == *step && effect.direction == direction)
    }

    /// Somebody who does whatever comes has done a command, or a part of it that changes a ledger.
    pub(crate) fn did(&self, command: &Command, work: Work, entry: Option<Entry>) {
        self.learn(command.saga.clone(), |tale| tale.add(command, work, entry));
    }

    /// An operator has seen to a step by hand: what is left of it, or missing, is right.
    pub(crate) fn by_hand(&self, saga: SagaId, step: &Arc<str>) {
        self.learn(saga, |tale| tale.by_hand.push(Arc::clone(step)));
    }

    /// How they stand.
    pub(crate) fn tally(&self) -> Tally {
        self.told.borrow_mut().tally
    }

    /// How many steps were done more than once.
    pub(crate) fn repeated(&self) -> u64 {
        let tales = &self.told.borrow_mut().tales;
        tales.values().map(|tale| tale.repeated(&self.steps)).sum()
    }

    /// What is broken.
    pub(crate) fn broken(&self) -> Broken {
        let (told, locked) = (self.told.borrow_mut(), self.locked.borrow_mut());
        let tales = &told.tales;
        let has_ended = |saga: &SagaId| {
            let sight = tales.get(saga).and_then(|tale| tale.sight);
            matches!(sight, Some(Sight::Completed | Sight::Compensated))
        };
        let all = locked.at.iter().flat_map(|locks| locks.all());
        let late = all.filter(|(saga, _)| has_ended(saga)).count() as u64;
        let left = locked.left.max(late);
        let mut broken = Broken { left, without: locked.without, ..Broken::default() };
        for tale in tales.values() {
            broken.unbalanced += u64::from(tale.is_unbalanced());
            broken.disordered += u64::from(!tale.is_reversed(|step| self.stage(step)));
            broken.late += tale.late;
            broken.stale += tale.stale;
        }
        broken
    }

    /// The first orphan, and why it is one.
    pub(crate) fn orphan(&self) -> Option<Trouble> {
        let tales = &self.told.borrow_mut().tales;
        let orphans = tales.iter().filter_map(|(saga, tale)| {
            let Orphaned { why, noticed } = tale.orphaned(&self.steps)?;
            Some(Trouble { saga: saga.clone(), why, begun: tale.begun, noticed })
        });
        orphans.min_by_key(|orphan| orphan.noticed)
    }

    /// The first saga that is stuck.
    pub(crate) fn stuck(&self) -> Option<Trouble> {
        let tales = &self.told.borrow_mut().tales;
        let stuck = tales.iter().filter(|(_, tale)| tale.sight == Some(Sight::Stuck));
        let (saga, tale) = stuck.min_by_key(|(_, tale)| tale.since)?;
        let why = "it is stuck, and waits for an operator".to_owned();
        Some(Trouble { saga: saga.clone(), why, begun: tale.begun, noticed: tale.since })
    }

    /// When a saga has begun, where that is known.
    pub(crate) fn begun(&self, saga: &SagaId) -> Option<Time> {
        self.told.borrow_mut().tales.get(saga)?.begun
    }

    /// What was done for a saga, in order.
    pub(crate) fn deeds(&self, saga: &SagaId) -> Vec<Deed> {
        let tales = &self.told.borrow_mut().tales;
        let effects = tales.get(saga).map(|tale| &tale.effects[..]).unwrap_or_default();
        let deed = |effect: &Effect| Deed {
            step: Arc::clone(&effect.step),
            direction: effect.direction,
            work: effect.work,
        };
        effects.iter().map(deed).collect()
    }

    /// What is to be said of the first orphan.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let said = |Trouble { saga, why, .. }| format!("saga {saga} is an orphan: {why}");
        self.orphan().map(said).into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
