use std::collections::VecDeque;

use super::effect::Effect;
use super::entry::{Change, Entry};

/// What is to be made durable, and what waits for that.
#[derive(Debug)]
pub(super) struct Journal {
    next: u64,
    durable: u64,
    /// Up to here it is written where the partition is led.
    written: u64,
    entries: Vec<Entry>,
    forgotten: Vec<u64>,
    /// Answers with the entry that must be durable first, in its order.
    held: VecDeque<Held>,
    /// Answers for which it is enough that it is written.
    early: VecDeque<Held>,
    /// How many answers there were.
    answers: u64,
    effects: VecDeque<Effect>,
}

/// An answer that waits.
#[derive(Debug)]
struct Held {
    /// For this entry.
    needs: u64,
    /// Which of all answers it is.
    number: u64,
    effect: Effect,
}

impl Journal {
    pub(super) fn new() -> Self {
        Self {
            next: 1,
            durable: 0,
            written: 0,
            entries: Vec::new(),
            forgotten: Vec::new(),
            held: VecDeque::new(),
            early: VecDeque::new(),
            answers: 0,
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
        let held = self.hold(effect);
        self.held.push_back(held);
    }

    /// Says something when all that was written until now is on the disk of whoever leads the partition.
    pub(super) fn answer_early(&mut self, effect: Effect) {
        let held = self.hold(effect);
        self.early.push_back(held);
    }

    fn hold(&mut self, effect: Effect) -> Held {
        self.answers += 1;
        Held { needs: self.last(), number: self.answers, effect }
    }

    /// Says something at once, on which nobody outside relies.
    pub(super) fn say(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(super) fn on_durable(&mut self, upto: u64) {
        assert!(upto <= self.last(), "what is durable was written before");
        self.durable = self.durable.max(upto);
        self.written = self.written.max(upto);
    }

    pub(super) fn on_written(&mut self, upto: u64) {
        self.written = self.written.max(upto).min(self.last());
    }

    /// Of what was replayed, no more than this is durable.
    pub(super) fn doubt(&mut self, durable: u64) {
        self.durable = self.durable.min(durable);
    }

    /// An entry of an earlier life is there.
    pub(super) fn on_replayed(&mut self, index: u64) {
        assert!(index >= self.next, "entries are replayed in their order");
        self.next = index + 1;
        (self.durable, self.written) = (index, index);
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
        let held = self.held.front().filter(|held| held.needs <= self.durable);
        let early = self.early.front().filter(|early| early.needs <= self.written);
        let is_early = match (held, early) {
            (Some(held), Some(early)) => early.number < held.number,
            (Some(_), None) => false,
            (None, Some(_)) => true,
            (None, None) => return self.effects.pop_front(),
        };
        let from = if is_early { &mut self.early } else { &mut self.held };
        from.pop_front().map(|held| held.effect)
    }
}
