use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::saga::{Direction, Epoch};

use crate::ledgers::{Entry, LedgerId};

/// What one saga has done.
#[derive(Default)]
pub(super) struct Tale {
    /// How it stands, as the store of its orchestrators has it.
    pub(super) sight: Option<Sight>,
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

/// A command was done.
pub(super) struct Effect {
    pub(super) step: Arc<str>,
    pub(super) direction: Direction,
    /// The work that it is of, where one tells it apart.
    pub(super) work: Option<u64>,
    pub(super) entries: Vec<Entry>,
}

impl Tale {
    /// Why it is an orphan: something of it is left that should not be there, or is missing; nothing, where it is none.
    pub(super) fn orphaned(&self, steps: &[Arc<str>]) -> Option<String> {
        steps.iter().find_map(|step| {
            let count = |direction| {
                let of_step =
                    |effect: &&Effect| effect.step == *step && effect.direction == direction;
                self.effects.iter().filter(of_step).count()
            };
            let (done, undone) = (count(Direction::Do), count(Direction::Undo));
            match self.sight? {
                Sight::Completed if (done, undone) != (1, 0) => Some(format!(
                    "it has completed, and {step} was done {done} times and undone {undone} times"
                )),
                Sight::Compensated if done != undone => Some(format!(
                    "it has gone back, and {step} was done {done} times and undone {undone} times"
                )),
                _ => None,
            }
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
