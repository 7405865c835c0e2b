use std::collections::BTreeMap;

use super::note::Note;
use crate::ids::SpanId;

/// So much is kept of one request; a storm may make thousands of calls of it.
const MOST: usize = 400;

/// The requests that are followed and have no end yet.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    begun: u32,
    open: BTreeMap<u32, Draft>,
    by_key: BTreeMap<u64, u32>,
}

/// A request that is followed. Its first note is its own.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) key: u64,
    pub(super) notes: Vec<Note>,
    pub(super) left_out: u64,
}

impl Drafts {
    /// A request begins.
    pub(super) fn begin(&mut self, key: u64, note: Note) -> SpanId {
        self.begun += 1;
        self.by_key.insert(key, self.begun);
        self.open.insert(self.begun, Draft { key, notes: vec![note], left_out: 0 });
        SpanId { trace: self.begun, number: 0 }
    }

    /// The request of a key, if it is followed.
    pub(super) fn of(&self, key: u64) -> Option<SpanId> {
        self.by_key.get(&key).map(|&trace| SpanId { trace, number: 0 })
    }

    /// Something begins for `parent`, unless that has ended or there is too much of it.
    pub(super) fn add(&mut self, parent: SpanId, note: impl FnOnce(u32) -> Note) -> Option<SpanId> {
        let draft = self.open.get_mut(&parent.trace)?;
        if draft.notes.len() >= MOST {
            draft.left_out += 1;
            return None;
        }
        let number = draft.notes.len() as u32;
        draft.notes.push(note(parent.number));
        Some(SpanId { number, ..parent })
    }

    /// Whether something is part of `above`, or that itself.
    pub(super) fn is_within(&self, span: SpanId, above: SpanId) -> bool {
        let Some(draft) = self.open.get(&span.trace).filter(|_| span.trace == above.trace) else {
            return false;
        };
        let parent = |number: &u32| draft.notes[*number as usize].parent;
        std::iter::successors(Some(span.number), parent).any(|number| number == above.number)
    }

    /// What is noted of something, unless its request has ended.
    pub(super) fn note(&mut self, span: SpanId) -> Option<&mut Note> {
        self.open.get_mut(&span.trace)?.notes.get_mut(span.number as usize)
    }

    /// A request has ended.
    pub(super) fn end(&mut self, trace: u32) -> Option<Draft> {
        let draft = self.open.remove(&trace)?;
        self.by_key.remove(&draft.key);
        Some(draft)
    }
}
