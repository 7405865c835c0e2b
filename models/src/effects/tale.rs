use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::saga::{Direction, Epoch};
use cascadia_runtime::Time;

use super::work::Work;
use crate::ledgers::{Entry, LedgerId};

/// What one saga has done.
#[derive(Default)]
pub(super) struct Tale {
    /// How it stands, as the store of its orchestrators has it.
    pub(super) sight: Option<Sight>,
    /// Since when it stands so.
    pub(super) since: Time,
    /// When it has begun.
    pub(super) begun: Option<Time>,
    pub(super) effects: Vec<Effect>,
    /// Steps of which the undo was done, by those who do everything once.
    pub(super) buried: BTreeSet<Arc<str>>,
    /// The last epoch that was heard of at each step, by those who do everything once.
    pub(super) heard: BTreeMap<Arc<str>, Epoch>,
    /// Effects at a step whose undo was done before.
    pub(super) late: u64,
    /// Effects of an epoch before one that was heard of.
    pub(super) stale: u64,
}

/// Why a saga is an orphan, and since when.
pub(super) struct Orphaned {
    pub(super) why: String,
    pub(super) noticed: Time,
}

/// A command was done.
pub(super) struct Effect {
    pub(super) step: Arc<str>,
    pub(super) direction: Direction,
    /// Which attempt at it this was.
    pub(super) attempt: u32,
    pub(super) work: Work,
    pub(super) entries: Vec<Entry>,
}

impl Tale {
    /// Why it is an orphan: something of it is left that should not be there, or is missing; nothing, where it is none.
    pub(super) fn orphaned(&self, steps: &[Arc<str>]) -> Option<Orphaned> {
        steps.iter().find_map(|step| {
            let mut of_step = self.effects.iter().filter(|effect| effect.step == *step);
            let count =
                |direction| of_step.clone().filter(|effect| effect.direction == direction).count();
            let (done, undone) = (count(Direction::Do), count(Direction::Undo));
            let end = match self.sight? {
                Sight::Completed if (done, undone) != (1, 0) => "completed",
                Sight::Compensated if done != undone => "gone back",
                _ => return None,
            };
            let last = of_step.next_back();
            let by = last.map(|Effect { attempt, work, .. }| {
                let at = work.at.as_nanos() as f64 / 1e9;
                format!(", the last by attempt {attempt} at {at:.3} s")
            });
            let by = by.unwrap_or_default();
            let why = format!(
                "it has {end}, and {step} was done {done} times and undone {undone} times{by}"
            );
            let noticed = last.map_or(self.since, |last| last.work.at.max(self.since));
            Some(Orphaned { why, noticed })
        })
    }

    /// How many of its steps were done more than once.
    pub(super) fn repeated(&self, steps: &[Arc<str>]) -> u64 {
        let times = |step: &Arc<str>| {
            let of_step = |effect: &&Effect| effect.step == *step;
            self.effects.iter().filter(of_step).count()
        };
        steps.iter().filter(|step| times(step) > 1).count() as u64
    }

    /// Whether something of it was taken back.
    pub(super) fn goes_back(&self) -> bool {
        let is_undo = |effect: &Effect| effect.direction == Direction::Undo;
        !self.buried.is_empty() || self.effects.iter().any(is_undo)
    }

    /// Whether it has gone back and left something in a ledger.
    pub(super) fn is_unbalanced(&self) -> bool {
        let mut net: BTreeMap<LedgerId, i64> = BTreeMap::new();
        for (ledger, amount) in self.effects.iter().flat_map(|effect| &effect.entries) {
            *net.entry(*ledger).or_default() += amount;
        }
        self.sight == Some(Sight::Compensated) && net.values().any(|left| *left != 0)
    }

    /// Whether what was done last was undone first; of steps of the same stage it may be any.
    pub(super) fn is_reversed(&self, stage: impl Fn(&Arc<str>) -> usize) -> bool {
        let mut left: Vec<&Arc<str>> = Vec::new();
        self.effects.iter().all(|effect| match effect.direction {
            Direction::Undo => {
                let last = left.iter().map(|step| stage(step)).max();
                let at = left.iter().rposition(|step| **step == effect.step);
                let at = at.filter(|_| last == Some(stage(&effect.step)));
                at.map(|at| left.remove(at)).is_some()
            }
            _ => {
                left.push(&effect.step);
                true
            }
        })
    }
}
