use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::saga::{Command, Direction, SagaId};
use cascadia_sim_core::Local;

use super::tale::{Effect, Tale};
use crate::ledgers::Entry;

/// Who knows of all sagas of a definition.
pub(crate) struct Witness {
    /// The names of the steps, in their order.
    steps: Vec<Arc<str>>,
    tales: Local<BTreeMap<SagaId, Tale>>,
}

/// How sagas stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) started: u64,
    pub(crate) running: u64,
    pub(crate) compensating: u64,
    pub(crate) completed: u64,
    pub(crate) compensated: u64,
    pub(crate) stuck: u64,
    pub(crate) orphans: u64,
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
}

impl Witness {
    pub(crate) fn new(steps: Vec<Arc<str>>) -> Self {
        Self { steps, tales: Local::default() }
    }

    /// The store of the orchestrators has this of a saga.
    pub(crate) fn saw(&self, saga: SagaId, sight: Sight) {
        self.tales.borrow_mut().entry(saga).or_default().sight = Some(sight);
    }

    /// Somebody who does everything once has heard a command, and done it if there are entries of it.
    pub(crate) fn heard(&self, command: &Command, done: Option<Vec<Entry>>) {
        let tale = &mut *self.tales.borrow_mut();
        let tale = tale.entry(command.saga.clone()).or_default();
        let step = Arc::clone(&command.step);
        let heard = tale.heard.entry(Arc::clone(&step)).or_default();
        tale.stale += u64::from(done.is_some() && command.epoch < *heard);
        *heard = command.epoch.max(*heard);
        let direction = command.direction;
        if direction == Direction::Undo {
            tale.buried.insert(Arc::clone(&step));
        } else if done.is_some() {
            tale.late += u64::from(tale.buried.contains(&step));
        }
        if let Some(entries) = done {
            tale.effects.push(Effect { step, direction, work: None, entries });
        }
    }

    /// Whether a step was done, or undone.
    pub(crate) fn has(&self, saga: &SagaId, step: &str, direction: Direction) -> bool {
        let tales = self.tales.borrow_mut();
        let effects = tales.get(saga).map(|tale| &tale.effects[..]).unwrap_or_default();
        effects.iter().any(|effect| *effect.step == *step && effect.direction == direction)
    }

    /// Somebody who does whatever comes has done a command, or a part of it that changes a ledger.
    pub(crate) fn did(&self, command: &Command, work: u64, entry: Option<Entry>) {
        let tale = &mut *self.tales.borrow_mut();
        let tale = tale.entry(command.saga.clone()).or_default();
        let known = tale.effects.iter_mut().find(|effect| effect.work == Some(work));
        match known {
            Some(effect) => effect.entries.extend(entry),
            None => tale.effects.push(Effect {
                step: Arc::clone(&command.step),
                direction: command.direction,
                work: Some(work),
                entries: entry.into_iter().collect(),
            }),
        }
    }

    /// How they stand.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for tale in self.tales.borrow_mut().values() {
            tally.started += 1;
            match tale.sight {
                None | Some(Sight::Live) => {
                    tally.running += 1;
                    tally.compensating += u64::from(tale.goes_back());
                }
                Some(Sight::Stuck) => tally.stuck += 1,
                Some(Sight::Completed) => tally.completed += 1,
                Some(Sight::Compensated) => tally.compensated += 1,
            }
            tally.orphans += u64::from(tale.orphaned(&self.steps).is_some());
        }
        tally
    }

    /// How many steps were done more than once.
    pub(crate) fn repeated(&self) -> u64 {
        let tales = self.tales.borrow_mut();
        tales.values().map(|tale| tale.repeated(&self.steps)).sum()
    }

    /// What is broken.
    pub(crate) fn broken(&self) -> Broken {
        let mut broken = Broken::default();
        for tale in self.tales.borrow_mut().values() {
            broken.unbalanced += u64::from(tale.is_unbalanced());
            broken.disordered += u64::from(!tale.is_reversed());
            broken.late += tale.late;
            broken.stale += tale.stale;
        }
        broken
    }

    /// The first orphan, and why it is one.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let tales = self.tales.borrow_mut();
        let orphan = |(id, tale): (&SagaId, &Tale)| {
            Some(format!("saga {id} is an orphan: {}", tale.orphaned(&self.steps)?))
        };
        tales.iter().find_map(orphan).into_iter().collect()
    }
}
