//! What orchestrators and services say, to who looks at one saga.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::saga::{Direction, SagaId};

use super::id::id_of;
use crate::capture::{Dissector, Mark, Said};
use crate::effects::{Deed, Witness};
use crate::exchange::{Letter, LetterKind};
use crate::ids::PlaceId;

/// What was said so far of a saga, as far as it tells where it is done.
pub(super) struct Reading {
    witness: Arc<Witness>,
    saga: SagaId,
    /// Where the work on its commands is done.
    at: BTreeMap<u64, PlaceId>,
}

impl Reading {
    pub(super) fn new(witness: &Arc<Witness>, saga: SagaId) -> Self {
        Self { witness: Arc::clone(witness), saga, at: BTreeMap::new() }
    }
}

impl Dissector for Reading {
    fn read(&mut self, (_, to): (PlaceId, PlaceId), sent: &dyn Any) -> Option<Said> {
        let Letter { exchange, kind, word } = sent.downcast_ref()?;
        let Some(errand) = exchange.request.errand() else {
            return asked((kind, word), id_of(exchange.request.key) == self.saga);
        };
        let command = &errand.command;
        let is_about = command.saga == self.saga;
        if is_about && *kind == LetterKind::Request {
            self.at.insert(exchange.key(), to);
        }
        let (step, attempt, epoch) = (&command.step, command.attempt, command.epoch);
        let (kind, text) = match kind {
            LetterKind::Request => {
                (word_of(command.direction), format!("{step}, attempt {attempt}, epoch {epoch}"))
            }
            LetterKind::Answer => ("answer", format!("{step} {}: {word}", command.direction)),
            LetterKind::Other => return None,
        };
        Some(Said { kind, text, is_about })
    }

    fn marks(&self) -> Vec<Mark> {
        let mark = |deed: Deed| {
            let what = if deed.direction == Direction::Undo { "undone" } else { "done" };
            Some(Mark { at: deed.work.at, place: *self.at.get(&deed.work.key)?, what })
        };
        self.witness.deeds(&self.saga).into_iter().filter_map(mark).collect()
    }
}

/// What is said of a saga by whoever asks for it, and to them.
pub(super) fn asked((kind, word): (&LetterKind, &str), is_about: bool) -> Option<Said> {
    let kind = match kind {
        LetterKind::Request => "begin",
        LetterKind::Answer => "answer",
        LetterKind::Other => return None,
    };
    Some(Said { kind, text: word.to_owned(), is_about })
}

fn word_of(direction: Direction) -> &'static str {
    match direction {
        Direction::Do => "do",
        Direction::Undo => "undo",
        Direction::Release => "release",
    }
}
