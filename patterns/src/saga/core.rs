use std::mem;
use std::sync::Arc;

use cascadia_runtime::Wall;

use super::command::Command;
use super::definition::{Definition, Kind};
use super::direction::Direction;
use super::fault::Fault;
use super::ids::{Epoch, SagaId};
use super::order::Order;
use super::outcome::Outcome;
use super::record::{Entry, Record, Stop};
use super::state::{Leg, Next, Phase, State};
use crate::messaging::Bytes;

/// One saga: what is to be written, and then to be asked of whom.
///
/// - *Events*: [`on_outcome`](Self::on_outcome), [`on_order`](Self::on_order), and [`on_tick`](Self::on_tick), which
///   is due at [`Ready::deadline`].
/// - *Output*: [`ready`](Self::ready). Its entries are to be durable before its commands are sent, and before anybody
///   is told how the saga has ended.
#[derive(Debug)]
pub struct Saga {
    id: SagaId,
    epoch: Epoch,
    state: State,
    entries: Vec<Entry>,
    commands: Vec<Command>,
    deadline: Wall,
    is_fenced: bool,
}

/// What is to be done about a saga, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// To be written at the end of its log.
    pub entries: Vec<Entry>,
    /// Then to be sent.
    pub commands: Vec<Command>,
    /// When a tick is due.
    pub deadline: Wall,
}

impl Saga {
    /// One that begins.
    pub fn begin(
        id: SagaId,
        definition: Arc<Definition>,
        input: Bytes,
        epoch: Epoch,
        now: Wall,
    ) -> Self {
        let started = Record::Started {
            definition: Arc::clone(definition.name()),
            version: definition.version(),
            input: input.clone(),
        };
        let mut saga = Self::of(id, State::new(definition, now, input), epoch);
        saga.write(started, now);
        saga.on_tick(now);
        saga
    }

    /// One that goes on where its log ends. What was under way is asked once more, under the same keys.
    pub fn resume(id: SagaId, state: State, epoch: Epoch, now: Wall) -> Self {
        let mut saga = Self::of(id, state, epoch);
        for step in 0..saga.state.steps().len() {
            for direction in Direction::ALL {
                if let Leg::Asked(attempt) = saga.state.leg(step, direction)
                    && saga.goes(direction)
                {
                    saga.ask(step, direction, attempt.number);
                }
            }
        }
        saga.on_tick(now);
        saga
    }

    /// One of which nothing is done yet about where it is: what is under way there goes on.
    pub(super) fn of(id: SagaId, state: State, epoch: Epoch) -> Self {
        let (entries, commands) = (Vec::new(), Vec::new());
        Self { id, epoch, state, entries, commands, deadline: Wall::MAX, is_fenced: false }
    }

    /// Time has passed.
    pub fn on_tick(&mut self, now: Wall) {
        loop {
            match self.state.next(now) {
                Next::Write(record) => {
                    let intent = match record {
                        Record::Intent { direction, step, attempt } => {
                            Some((direction, step as usize, attempt))
                        }
                        _ => None,
                    };
                    self.write(record, now);
                    if let Some((direction, step, attempt)) = intent {
                        self.ask(step, direction, attempt);
                    }
                }
                Next::Wait(until) => {
                    self.deadline = until;
                    return;
                }
            }
        }
    }

    /// A command has ended. Whatever attempt has done it, it is done; that one has failed says nothing of a later one.
    /// Returns whether that makes any difference.
    pub fn on_outcome(&mut self, command: &Command, outcome: Outcome, now: Wall) -> bool {
        let Some(step) = self.state.definition().find(&command.step) else { return false };
        let direction = command.direction;
        let is_current = match self.state.leg(step, direction) {
            Leg::Asked(attempt) => Some(attempt.number == command.attempt),
            Leg::Rests(_) => Some(false),
            _ => None,
        };
        let Some(is_current) = is_current.filter(|_| self.goes(direction)) else { return false };
        let number = step as u32;
        let record = match outcome {
            Outcome::Done(output) => Record::Done { direction, step: number, output },
            Outcome::Refused(fault) if direction == Direction::Do && !command.must => {
                Record::Refused { step: number, fault }
            }
            Outcome::Fenced(_) => {
                self.is_fenced = true;
                return false;
            }
            _ if !is_current => return false,
            Outcome::Refused(fault) | Outcome::Failed(fault) => {
                let is_final = self.is_final(step, direction, &fault);
                Record::Failed { direction, step: number, fault, is_final }
            }
            Outcome::Locked(by) => Record::Locked { direction, step: number, by },
            Outcome::Unknown => Record::Unknown { direction, step: number },
        };
        self.write(record, now);
        self.on_tick(now);
        true
    }

    fn is_final(&self, step: usize, direction: Direction, fault: &Fault) -> bool {
        let of = &self.state.definition().steps()[step];
        direction == Direction::Do && !of.must_be_known() && of.finals.contains(&fault.kind)
    }

    /// Whether what is done in this direction still matters.
    fn goes(&self, direction: Direction) -> bool {
        let phase = self.state.phase();
        match direction {
            Direction::Do => phase == Phase::Forward,
            Direction::Undo => phase == Phase::Backward,
            Direction::Release => matches!(phase, Phase::Forward | Phase::Backward),
        }
    }

    /// Somebody outside wants something of it. Returns whether that makes any difference.
    pub fn on_order(&mut self, order: &Order, now: Wall) -> bool {
        let phase = self.state.phase();
        let record = match order {
            Order::Signal { name, body } if !phase.is_end() => {
                Record::Signalled { name: Arc::clone(name), body: body.clone() }
            }
            Order::Cancel if phase == Phase::Forward && !self.state.is_decided() => {
                Record::Stopped(Stop::Cancelled)
            }
            Order::Force if phase == Phase::Forward => Record::Stopped(Stop::Forced),
            Order::Retry if matches!(phase, Phase::Stuck(_)) => Record::Retried,
            Order::Skip { step } => match self.skipped(step) {
                Some(step) => Record::Skipped { step },
                None => return false,
            },
            _ => return false,
        };
        self.write(record, now);
        self.on_tick(now);
        true
    }

    /// The number of a step that can be seen to by hand: one that it is stuck at, or one that must be done.
    fn skipped(&self, name: &str) -> Option<u32> {
        let steps = self.state.definition().steps();
        let step = self.state.definition().find(name)?;
        let is_open = match self.state.phase() {
            Phase::Stuck(at) => at == step,
            Phase::Forward => {
                steps[step].kind == Kind::Retriable && self.state.steps()[step].act != Leg::Done
            }
            _ => false,
        };
        is_open.then_some(step as u32)
    }

    fn write(&mut self, record: Record, at: Wall) {
        let entry = Entry { at, epoch: self.epoch, record };
        self.state.apply(&entry);
        self.entries.push(entry);
    }

    fn ask(&mut self, step: usize, direction: Direction, attempt: u32) {
        let of = &self.state.definition().steps()[step];
        let steps = self.state.steps().iter().zip(self.state.definition().steps());
        let done = steps.filter(|(state, _)| state.act == Leg::Done && !state.is_skipped);
        let mut outputs = Vec::with_capacity(self.state.steps().len());
        outputs.extend(done.map(|(state, of)| (Arc::clone(&of.name), state.output.clone())));
        let command = Command {
            saga: self.id.clone(),
            step: Arc::clone(&of.name),
            direction,
            epoch: self.epoch,
            attempt,
            must: of.kind == Kind::Retriable,
            input: self.state.input().clone(),
            outputs: outputs.into(),
        };
        self.commands.push(command);
    }

    /// What is to be done now.
    pub fn ready(&mut self) -> Ready {
        let (entries, commands) = (mem::take(&mut self.entries), mem::take(&mut self.commands));
        Ready { entries, commands, deadline: self.deadline }
    }

    /// What was to be done is done: what comes next has its room.
    pub(super) fn give_back(&mut self, done: Ready) {
        let Ready { mut entries, mut commands, .. } = done;
        entries.clear();
        commands.clear();
        entries.append(&mut self.entries);
        commands.append(&mut self.commands);
        (self.entries, self.commands) = (entries, commands);
    }

    /// Which one it is.
    pub fn id(&self) -> &SagaId {
        &self.id
    }

    /// Where it is.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether somebody has said that another orchestrator has taken it over.
    pub fn is_fenced(&self) -> bool {
        self.is_fenced
    }
}
