//! The kinds of faults: a file each, and a line in the list below.
//!
//! A file has what may be written, what it does to a running world, and how it is told in words.
//! Nothing else knows of a kind.

mod clock;
mod crash;
mod disk;
mod duplicate;
mod errors;
mod latency;
mod loss;
mod partition;
mod pick;
mod place;
mod refuse;
mod reorder;
mod scale;
mod slow;
mod text;

use std::fmt::Debug;

use cascadia_models::plan::Effect;

pub(crate) use self::place::Place;
pub use self::text::FaultText;
pub(crate) use self::text::texts;

use crate::decode::{Text, choice, object};
use crate::units::Duration;

/// What a kind of fault does.
pub(crate) trait FaultKind: Debug {
    /// What it does. What is wrong with its settings is reported.
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect;

    /// The share of the calls of whom it hits that fails because of it.
    fn failing(&self) -> f64 {
        1.0
    }

    /// The share of those calls that gets no answer.
    fn hanging(&self) -> f64 {
        0.0
    }

    /// How many times as long work takes.
    fn factor(&self) -> f64 {
        1.0
    }

    /// What it does in a few words, such as "crash of db/0".
    fn words(&self) -> String;
}

choice! {
    /// A kind of fault.
    pub(crate) enum Faults: Box<dyn FaultKind> {
        slow(slow::Slow) => boxed,
        crash(crash::Crash) => boxed,
        refuse(refuse::Refuse) => boxed,
        errors(errors::Errors) => boxed,
        latency(latency::Latency) => boxed,
        loss(loss::Loss) => boxed,
        partition(partition::Partition) => boxed,
        scale(scale::Scale) => boxed,
        clock(clock::Clock) => boxed,
        disk(disk::BadDisk) => boxed,
        duplicate(duplicate::Duplicate) => boxed,
        reorder(reorder::Reorder) => boxed,
    }
}

fn boxed<F: FaultKind + 'static>(fault: F) -> Box<dyn FaultKind> {
    Box::new(fault)
}

object! {
    /// Something that goes wrong for a while: exactly one of the kinds.
    pub(crate) struct Fault {
        /// Its name.
        _name as "name": Option<Text> => "the kind and the position in the list",
        /// When it begins.
        at: Duration,
        /// How long it lasts.
        lasts as "for": Option<Duration> => "to the end of the run",
    }
    one of Faults::KINDS as kind: Box<dyn FaultKind>, "a fault"
}
