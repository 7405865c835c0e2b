use std::fmt;
use std::sync::Arc;

use super::event::{Event, Happened};
use crate::messaging::outbox::Outbox;
use crate::messaging::{Bytes, Topic};
use crate::saga::definition::{Definition, Kind};
use crate::saga::direction::Direction;
use crate::saga::ids::SagaId;
use crate::saga::outcome::Outcome;
use crate::store::{StoreError, Transaction};

/// Who reacts to what: the steps of a definition, and the topic of their events.
///
/// Each step follows one event, and each event makes at most one step follow, of a higher number on the way there and of
/// a lower one on the way back. So there is no circle, and a saga that stands still has lost an event or waits for somebody.
#[derive(Clone, Debug)]
pub struct Score {
    pub(super) definition: Arc<Definition>,
    pub(super) topic: Topic,
}

/// What a definition has that only an orchestrator can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedsOrchestrator {
    /// Steps at the same time: nobody would see that all are done.
    Together,
    /// A step that waits for a signal, or a saga that may take only so long: nobody would look at a clock.
    Waits,
    /// A step that locks something: nobody would say that the saga has ended.
    Locks,
}

impl Score {
    /// The steps of a definition, by events in a topic.
    ///
    /// # Errors
    ///
    /// Where the definition needs somebody who sees all of it.
    pub fn new(
        definition: Arc<Definition>,
        topic: impl Into<Topic>,
    ) -> Result<Self, NeedsOrchestrator> {
        let steps = definition.steps();
        if (0..steps.len()).any(|step| definition.stage(step) != step) {
            return Err(NeedsOrchestrator::Together);
        }
        if definition.timeout().is_some() || steps.iter().any(|step| step.signal.is_some()) {
            return Err(NeedsOrchestrator::Waits);
        }
        if steps.iter().any(|step| step.locks) {
            return Err(NeedsOrchestrator::Locks);
        }
        Ok(Self { definition, topic: topic.into() })
    }

    /// The steps.
    pub const fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// The topic of the events.
    pub const fn topic(&self) -> &Topic {
        &self.topic
    }

    /// Has a saga begin when a transaction commits, and not otherwise.
    ///
    /// # Errors
    ///
    /// As for the outbox.
    pub async fn begin(
        &self,
        outbox: &Outbox,
        transaction: &mut Transaction,
        saga: impl Into<SagaId>,
        input: impl Into<Bytes>,
    ) -> Result<(), StoreError> {
        let (saga, input) = (saga.into(), input.into());
        let event = Event { saga, happened: Happened::Begun, input, outputs: Vec::new() };
        outbox.add(transaction, self.topic.clone(), event.message()).await.map(drop)
    }

    /// What follows when this has happened; nothing where it is the end.
    pub fn follows(&self, happened: &Happened) -> Option<(usize, Direction)> {
        let last = self.definition.steps().len();
        let next = |step: usize| (step < last).then_some((step, Direction::Do));
        match happened {
            Happened::Begun => next(0),
            Happened::Done(step) => next(*step as usize + 1),
            Happened::Refused(step, _) | Happened::Undone(step) => self.undo_before(*step),
        }
    }

    /// What the others are told of how a step that followed an event has ended; nothing where it is to be tried again.
    pub fn told(
        &self,
        event: &Event,
        (step, direction): (usize, Direction),
        outcome: &Outcome,
    ) -> Option<Event> {
        let number = step as u32;
        let mut outputs = event.outputs.clone();
        let happened = match (direction, outcome) {
            (Direction::Do, Outcome::Done(output)) => {
                outputs.push((Arc::clone(&self.definition.steps()[step].name), output.clone()));
                Happened::Done(number)
            }
            (Direction::Do, Outcome::Refused(fault)) => Happened::Refused(number, fault.clone()),
            (Direction::Undo, Outcome::Done(_)) => Happened::Undone(number),
            _ => return None,
        };
        Some(Event { happened, outputs, ..event.clone() })
    }

    fn undo_before(&self, step: u32) -> Option<(usize, Direction)> {
        let before = self.definition.steps().iter().take(step as usize);
        let changes = before.enumerate().rfind(|(_, step)| step.kind != Kind::Reading);
        changes.map(|(step, _)| (step, Direction::Undo))
    }
}

impl fmt::Display for NeedsOrchestrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Together => "steps at the same time need an orchestrator",
            Self::Waits => "signals and timeouts of a saga need an orchestrator",
            Self::Locks => "locks need an orchestrator",
        })
    }
}

impl std::error::Error for NeedsOrchestrator {}
