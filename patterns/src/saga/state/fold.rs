use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_runtime::Wall;

use super::leg::{Leg, StepState};
use crate::messaging::Bytes;
use crate::saga::definition::Definition;
use crate::saga::direction::Direction;
use crate::saga::record::{Entry, Record, Stop};

/// Where a saga is, which is what its log says and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub(super) definition: Arc<Definition>,
    pub(super) begun: Wall,
    pub(super) input: Bytes,
    pub(super) phase: Phase,
    pub(super) steps: Vec<StepState>,
    pub(super) signals: BTreeMap<Arc<str>, Bytes>,
    pub(super) stop: Option<Stop>,
    done: u32,
}

/// Which way a saga goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It does its steps.
    Forward,
    /// It takes back what it has done.
    Backward,
    /// It cannot take this step back, and waits for an operator.
    Stuck(usize),
    /// Every step is done.
    Completed,
    /// Nothing is left of any step.
    Compensated,
}

impl Phase {
    /// Whether nothing will happen any more.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Completed | Self::Compensated)
    }
}

impl State {
    /// That of a saga that has begun.
    pub fn new(definition: Arc<Definition>, begun: Wall, input: Bytes) -> Self {
        let steps = vec![StepState::default(); definition.steps().len()];
        Self {
            definition,
            begun,
            input,
            phase: Phase::Forward,
            steps,
            signals: BTreeMap::new(),
            stop: None,
            done: 0,
        }
    }

    /// What an entry changes. One that says nothing of this saga changes nothing.
    pub fn apply(&mut self, entry: &Entry) {
        let at = entry.at;
        match &entry.record {
            Record::Started { .. } => {}
            Record::Intent { direction, step, attempt } => {
                self.change(*direction, *step, |leg| leg.asked(*attempt, at));
            }
            Record::Done { direction, step, output } => {
                self.change(*direction, *step, |_| Leg::Done);
                if *direction == Direction::Do {
                    self.count(*step, output);
                }
            }
            Record::Refused { step, .. } => self.change(Direction::Do, *step, |_| Leg::Refused),
            Record::Failed { direction, step, is_final, .. } => {
                let failed = |leg: Leg| if *is_final { Leg::GivenUp } else { leg.failed(at) };
                self.change(*direction, *step, failed);
            }
            Record::Locked { direction, step, .. } => {
                self.change(*direction, *step, |leg| leg.locked(at));
            }
            Record::Unknown { direction, step } => {
                self.change(*direction, *step, |leg| leg.failed(at));
            }
            Record::Signalled { name, body } => {
                self.signals.insert(Arc::clone(name), body.clone());
            }
            Record::Stopped(stop) => self.stop = Some(*stop),
            Record::Skipped { step } => self.skip(*step),
            Record::Retried => self.retry(),
            Record::Compensating => self.phase = Phase::Backward,
            Record::Stuck { step } => self.phase = Phase::Stuck(*step as usize),
            Record::Completed => self.phase = Phase::Completed,
            Record::Compensated => self.phase = Phase::Compensated,
        }
    }

    fn change(&mut self, direction: Direction, step: u32, change: impl FnOnce(Leg) -> Leg) {
        let Some(state) = self.steps.get_mut(step as usize) else { return };
        let leg = match direction {
            Direction::Do => &mut state.act,
            Direction::Undo => &mut state.undo,
            Direction::Release => &mut state.release,
        };
        *leg = change(*leg);
    }

    fn count(&mut self, step: u32, output: &Bytes) {
        if let Some(state) = self.steps.get_mut(step as usize) {
            (state.output, state.order) = (output.clone(), self.done);
            self.done += 1;
        }
    }

    fn skip(&mut self, step: u32) {
        let Some(state) = self.steps.get_mut(step as usize) else { return };
        state.is_skipped = true;
        match self.phase {
            Phase::Forward => state.act = Leg::Done,
            _ => (state.undo, self.phase) = (Leg::Done, Phase::Backward),
        }
    }

    fn retry(&mut self) {
        if let Phase::Stuck(step) = self.phase {
            self.steps[step].undo = Leg::Untried;
            self.phase = Phase::Backward;
        }
    }

    /// By which definition it goes.
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// Which way it goes.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What it was started with.
    pub fn input(&self) -> &Bytes {
        &self.input
    }

    /// How far its steps have come, by their numbers.
    pub fn steps(&self) -> &[StepState] {
        &self.steps
    }

    /// What a signal said, if it has come.
    pub fn signal(&self, name: &str) -> Option<&Bytes> {
        self.signals.get(name)
    }

    /// How far a command has come.
    pub fn leg(&self, step: usize, direction: Direction) -> Leg {
        let state = &self.steps[step];
        match direction {
            Direction::Do => state.act,
            Direction::Undo => state.undo,
            Direction::Release => state.release,
        }
    }

    /// Whether it has passed its pivot, or done all that could be undone: from here on it completes.
    pub fn is_decided(&self) -> bool {
        self.steps[..self.definition.until_decided()].iter().all(|step| step.act == Leg::Done)
    }
}
