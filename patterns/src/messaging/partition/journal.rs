use std::collections::VecDeque;

use super::effect::Effect;
use super::entry::{Change, Entry};

/// What is to be made durable, and what waits for that.
#[derive(Debug)]
pub(super) struct Journal {
    next: u64,
    durable: u64,
    entries: Vec<Entry>,
    forgotten: Vec<u64>,
    /// Answers with the entry that must be durable first, in its order.
    held: VecDeque<(u64, Effect)>,
    effects: VecDeque<Effect>,
}

impl Journal {
    pub(super) fn new() -> Self {
        Self {
            next: 1,
            durable: 0,
            entries: Vec::new(),
            forgotten: Vec::new(),
            held: VecDeque::new(),
            effects: VecDeque::new(),
        }
    }

    /// Writes something down, and says where.
    pub(super) fn write(&mut self, change: Change) -> u64 {
        let index = self.next;
        self.next += 1;
        self.entries.push(Entry { index, change });
        index
    }

    /// An entry is needed no more. Zero is none.
    pub(super) fn forget(&mut self, index: u64) {
        if index > 0 {
            self.forgotten.push(index);
        }
    }

    /// Says something when all that was written until now is durable.
    pub(super) fn answer(&mut self, effect: Effect) {
        self.held.push_back((self.last(), effect));
    }

    /// Says something at once, on which nobody outside relies.
    pub(super) fn say(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(super) fn on_durable(&mut self, upto: u64) {
        assert!(upto <= self.last(), "what is durable was written before");
        self.durable = self.durable.max(upto);
    }

    /// An entry of an earlier life is there.
    pub(super) fn on_replayed(&mut self, index: u64) {
        assert!(index >= self.next, "entries are replayed in their order");
        self.next = index + 1;
        self.durable = index;
    }

    pub(super) fn last(&self) -> u64 {
        self.next - 1
    }

    pub(super) fn is_durable(&self, index: u64) -> bool {
        index <= self.durable
    }

    pub(super) fn has_written(&self) -> bool {
        !self.entries.is_empty() || !self.forgotten.is_empty()
    }

    pub(super) fn take(&mut self, entries: &mut Vec<Entry>, forgotten: &mut Vec<u64>) {
        // Whoever has room for them gets them without moving any.
        match entries.is_empty() {
            true => std::mem::swap(entries, &mut self.entries),
            false => entries.append(&mut self.entries),
        }
        forgotten.append(&mut self.forgotten);
    }

    pub(super) fn poll(&mut self) -> Option<Effect> {
        let is_due = self.held.front().is_some_and(|(needs, _)| *needs <= self.durable);
        match is_due {
            true => self.held.pop_front().map(|(_, effect)| effect),
            false => self.effects.pop_front(),
        }
    }
}
