use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::saga::orchestrator::Sight;
use cascadia_patterns::saga::{Command, Direction, Epoch};
use cascadia_runtime::Time;

use super::tally::Tally;
use super::work::Work;
use crate::ids::ServiceId;
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
    pub(super) buried: Vec<Arc<str>>,
    /// The last epoch that each of those has heard of who do everything once.
    pub(super) heard: Vec<(Option<ServiceId>, Epoch)>,
    /// Effects at a step whose undo was done before.
    pub(super) late: u64,
    /// Effects of an epoch before one that was heard of.
    pub(super) stale: u64,
    /// Steps that an operator has seen to by hand.
    pub(super) by_hand: Vec<Arc<str>>,
    /// As what it is counted.
    pub(super) counted: Tally,
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
    /// Somebody who does everything once has heard a command, and done it if there are entries of it.
    pub(super) fn hear(&mut self, command: &Command, work: Work, done: Option<Vec<Entry>>) {
        let step = Arc::clone(&command.step);
        match self.heard.iter_mut().find(|(known, _)| *known == work.by) {
            Some((_, heard)) => {
                self.stale += u64::from(done.is_some() && command.epoch < *heard);
                *heard = command.epoch.max(*heard);
            }
            None => self.heard.push((work.by, command.epoch)),
        }
        let direction = command.direction;
        if direction == Direction::Undo {
            if !self.buried.contains(&step) {
                self.buried.push(Arc::clone(&step));
            }
        } else if done.is_some() {
            self.late += u64::from(self.buried.contains(&step));
        }
        if let Some(entries) = done {
            let attempt = command.attempt;
            self.effects.push(Effect { step, direction, attempt, work, entries });
        }
    }

    /// Somebody who does whatever comes has done a command, or a part of it that changes a ledger.
    pub(super) fn add(&mut self, command: &Command, work: Work, entry: Option<Entry>) {
        match self.effects.iter_mut().find(|effect| effect.work.key == work.key) {
            Some(effect) => effect.entries.extend(entry),
            None => self.effects.push(Effect {
                step: Arc::clone(&command.step),
                direction: command.direction,
                attempt: command.attempt,
                work,
                entries: entry.into_iter().collect(),
            }),
        }
    }

    /// As what it is to be counted.
    pub(super) fn tally(&self, steps: &[Arc<str>]) -> Tally {
        let orphans = u64::from(self.orphaned(steps).is_some());
        let tally = Tally { started: 1, orphans, ..Tally::default() };
        match self.sight {
            None | Some(Sight::Live) => {
                Tally { running: 1, compensating: self.goes_back().into(), ..tally }
            }
            Some(Sight::Stuck) => Tally { stuck: 1, ..tally },
            Some(Sight::Completed) => Tally { completed: 1, ..tally },
            Some(Sight::Compensated) => Tally { compensated: 1, ..tally },
        }
    }

    /// Why it is an orphan: something of it is left that should not be there, or is missing; nothing, where it is none.
    pub(super) fn orphaned(&self, steps: &[Arc<str>]) -> Option<Orphaned> {
        let sight = self.sight.filter(|it| matches!(it, Sight::Completed | Sight::Compensated))?;
        steps.iter().filter(|step| !self.by_hand.contains(step)).find_map(|step| {
            let mut of_step = self.effects.iter().filter(|effect| effect.step == *step);
            let count =
                |direction| of_step.clone().filter(|effect| effect.direction == direction).count();
            let (done, undone) = (count(Direction::Do), count(Direction::Undo));
            let end = match sight {
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

    /// Whether it has ended, and nothing is wrong with it.
    pub(super) fn has_ended_well(&self, stage: impl Fn(&Arc<str>) -> usize) -> bool {
        matches!(self.sight, Some(Sight::Completed | Sight::Compensated))
            && self.counted.orphans == 0
            && self.late + self.stale == 0
            && !self.is_unbalanced()
            && self.is_reversed(stage)
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
        if self.sight != Some(Sight::Compensated) {
            return false;
        }
        let mut net: BTreeMap<LedgerId, i64> = BTreeMap::new();
        for (ledger, amount) in self.by_machine().flat_map(|effect| &effect.entries) {
            *net.entry(*ledger).or_default() += amount;
        }
        net.values().any(|left| *left != 0)
    }

    /// What was done, but for steps that somebody has seen to by hand.
    fn by_machine(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter().filter(|effect| !self.by_hand.contains(&effect.step))
    }

    /// Whether what was done last was undone first; of steps of the same stage it may be any.
    pub(super) fn is_reversed(&self, stage: impl Fn(&Arc<str>) -> usize) -> bool {
        if !self.goes_back() {
            return true;
        }
        let mut left: Vec<&Arc<str>> = Vec::new();
        self.by_machine().all(|effect| match effect.direction {
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
