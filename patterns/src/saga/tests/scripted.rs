//! A saga that is driven by hand: each command ends as a script says, in whichever order.

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Wall;

use crate::messaging::Bytes;
use crate::saga::definition::{Attempts, Definition, Step, Steps};
use crate::saga::{Command, Direction, Entry, Epoch, Fault, Order, Outcome, Saga, SagaLog};

pub(super) fn day() -> Wall {
    Wall::EPOCH + Duration::from_secs(86_400)
}

pub(super) fn done() -> Outcome {
    Outcome::Done(Bytes::from("ok"))
}

pub(super) fn failed() -> Outcome {
    Outcome::Failed(Fault::new("busy", ""))
}

pub(super) fn refused() -> Outcome {
    Outcome::Refused(Fault::new("declined", "no money"))
}

/// Two that can be undone, one that decides, one that succeeds in the end.
pub(super) fn order() -> Arc<Definition> {
    order_of(Step::pivot("charge", "payment"))
}

pub(super) fn order_of(pivot: Step) -> Arc<Definition> {
    order_with(pivot, Attempts::new(10))
}

/// The same, with so many attempts to undo a step.
pub(super) fn order_with(pivot: Step, undo_attempts: Attempts) -> Arc<Definition> {
    let of = |step| Step { undo_attempts: undo_attempts.clone(), ..step };
    let steps = Steps::new("order", 1)
        .then(of(Step::compensatable("reserve", "inventory")))
        .then(of(Step::compensatable("book", "courier")))
        .then(of(pivot))
        .then(Step::retriable("confirm", "shop"));
    steps.build().unwrap()
}

/// A saga, its log, and what was asked and has not ended.
pub(super) struct Driven {
    pub(super) saga: Saga,
    pub(super) now: Wall,
    pub(super) entries: Vec<Entry>,
    pub(super) open: Vec<Command>,
    deadline: Wall,
}

impl Driven {
    pub(super) fn begin(definition: &Arc<Definition>) -> Self {
        let input = Bytes::from("1 book");
        let saga = Saga::begin("7".into(), Arc::clone(definition), input, Epoch(1), day());
        let mut driven =
            Self { saga, now: day(), entries: Vec::new(), open: Vec::new(), deadline: Wall::MAX };
        driven.take();
        driven
    }

    fn take(&mut self) {
        let ready = self.saga.ready();
        self.entries.extend(ready.entries);
        self.open.extend(ready.commands);
        self.deadline = ready.deadline;
    }

    /// The only command that is under way.
    pub(super) fn asked(&self) -> (&str, Direction, u32) {
        assert_eq!(self.open.len(), 1, "{}", self.log());
        let command = &self.open[0];
        (&command.step, command.direction, command.attempt)
    }

    /// Ends the first command that is under way.
    pub(super) fn end(&mut self, outcome: Outcome) -> Command {
        let command = self.open.remove(0);
        self.tell(&command, outcome);
        command
    }

    pub(super) fn tell(&mut self, command: &Command, outcome: Outcome) {
        self.saga.on_outcome(command, outcome, self.now);
        self.take();
    }

    pub(super) fn order(&mut self, order: &Order) -> bool {
        let counts = self.saga.on_order(order, self.now);
        self.take();
        counts
    }

    /// Time passes until something is due.
    pub(super) fn wait(&mut self) {
        assert_ne!(self.deadline, Wall::MAX, "nothing is due: {}", self.log());
        self.now = self.deadline;
        self.saga.on_tick(self.now);
        self.take();
    }

    /// Another orchestrator goes on with what was written.
    pub(super) fn resume(&mut self, entries: usize) {
        self.entries.truncate(entries);
        self.open.clear();
        let epoch = self.entries.last().map_or(Epoch(1), |entry| entry.epoch).next();
        self.saga = Saga::resume("7".into(), self.log().state(), epoch, self.now);
        self.take();
    }

    pub(super) fn log(&self) -> SagaLog {
        let definition = Arc::clone(self.saga.state().definition());
        SagaLog { id: "7".into(), definition, entries: self.entries.clone() }
    }
}
