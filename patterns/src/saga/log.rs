use std::fmt;
use std::sync::Arc;

use super::definition::Definition;
use super::direction::Direction;
use super::ids::SagaId;
use super::record::{Entry, Record, Stop};
use super::state::State;
use crate::messaging::Bytes;

/// What has happened to a saga, in the order in which it was written. It displays as a story.
///
/// ```text
/// +0.000s  order 7 begins, as order 1
/// +0.000s  reserve: asks inventory
/// +0.004s  reserve: done
/// +0.004s  charge: asks payment
/// +0.009s  charge: refused (declined)
/// +0.009s  it goes back
/// +0.009s  reserve: asks inventory to undo it
/// +0.012s  reserve: undone
/// +0.012s  compensated
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SagaLog {
    /// The saga.
    pub id: SagaId,
    /// By which definition it goes.
    pub definition: Arc<Definition>,
    /// What has happened.
    pub entries: Vec<Entry>,
}

impl SagaLog {
    /// Where the saga is.
    pub fn state(&self) -> State {
        let begun = self.entries.first().map(|entry| entry.at).unwrap_or_default();
        let input = match self.entries.first().map(|entry| &entry.record) {
            Some(Record::Started { input, .. }) => input.clone(),
            _ => Bytes::default(),
        };
        let mut state = State::new(Arc::clone(&self.definition), begun, input);
        self.entries.iter().for_each(|entry| state.apply(entry));
        state
    }

    fn line(&self, f: &mut fmt::Formatter<'_>, record: &Record) -> fmt::Result {
        let step = |step: &u32| {
            let of = self.definition.steps().get(*step as usize);
            of.map_or("?", |of| &*of.name)
        };
        let asks = |number: &u32| {
            let of = self.definition.steps().get(*number as usize);
            of.map_or("?", |of| &*of.participant)
        };
        match record {
            Record::Started { definition, version, .. } => {
                write!(f, "{} begins, as {definition} {version}", self.id)
            }
            Record::Intent { direction, step: number, attempt } => {
                write!(f, "{}: asks {}{}", step(number), asks(number), to(*direction))?;
                if *attempt > 1 { write!(f, ", attempt {attempt}") } else { Ok(()) }
            }
            Record::Done { direction, step: number, .. } => {
                write!(f, "{}: {}", step(number), done(*direction))
            }
            Record::Refused { step: number, fault } => {
                write!(f, "{}: refused ({fault})", step(number))
            }
            Record::Failed { step: number, fault, is_final, .. } => {
                let end = if *is_final { ", for good" } else { "" };
                write!(f, "{}: failed ({fault}){end}", step(number))
            }
            Record::Locked { step: number, by, .. } => {
                write!(f, "{}: {by} has what it needs", step(number))
            }
            Record::Unknown { step: number, .. } => write!(f, "{}: no answer", step(number)),
            Record::Signalled { name, .. } => write!(f, "{name} has come"),
            Record::Stopped(Stop::Cancelled) => f.write_str("cancelled"),
            Record::Stopped(Stop::TimedOut) => f.write_str("it has taken too long"),
            Record::Stopped(Stop::Forced) => f.write_str("forced to go back"),
            Record::Compensating => f.write_str("it goes back"),
            Record::Stuck { step: number } => {
                write!(f, "stuck: {} cannot be undone", step(number))
            }
            Record::Retried => f.write_str("an operator has it try again"),
            Record::Skipped { step: number } => {
                write!(f, "{}: an operator has seen to it", step(number))
            }
            Record::Completed => f.write_str("completed"),
            Record::Compensated => f.write_str("compensated"),
        }
    }
}

fn to(direction: Direction) -> &'static str {
    match direction {
        Direction::Do => "",
        Direction::Undo => " to undo it",
        Direction::Release => " to release its locks",
    }
}

fn done(direction: Direction) -> &'static str {
    match direction {
        Direction::Do => "done",
        Direction::Undo => "undone",
        Direction::Release => "its locks are released",
    }
}

impl fmt::Display for SagaLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begun = self.entries.first().map(|entry| entry.at).unwrap_or_default();
        let mut epoch = self.entries.first().map(|entry| entry.epoch).unwrap_or_default();
        for entry in &self.entries {
            let since = entry.at.since(begun);
            write!(f, "+{}.{:03}s  ", since.as_secs(), since.subsec_millis())?;
            if entry.epoch != epoch {
                epoch = entry.epoch;
                write!(f, "(taken over, epoch {epoch}) ")?;
            }
            self.line(f, &entry.record)?;
            writeln!(f)?;
        }
        Ok(())
    }
}
