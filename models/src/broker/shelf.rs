use std::collections::VecDeque;

use cascadia_patterns::messaging::partition::{Change, Entry};

use super::epochs::Epochs;

/// The entries of a partition at a place.
pub(super) struct Shelf {
    /// The index of the first slot.
    first: u64,
    /// What is still needed, with the group in which it was written.
    slots: VecDeque<Option<(u64, Change)>>,
    /// The group in which it was last written to.
    pub(super) newest: u64,
    /// In which epochs, where others keep it, too.
    pub(super) epochs: Epochs,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { first: 1, slots: VecDeque::new(), newest: 0, epochs: Epochs::default() }
    }
}

impl Shelf {
    /// How many entries there is room for.
    pub(super) fn len(&self) -> u64 {
        self.slots.len() as u64
    }

    /// The last entry, whether or not it is needed.
    pub(super) fn end(&self) -> u64 {
        self.first + self.slots.len() as u64 - 1
    }

    pub(super) fn push(&mut self, index: u64, group: u64, change: Change) {
        if self.slots.is_empty() {
            self.first = index;
        }
        let holes = index.saturating_sub(self.first) as usize;
        self.slots.resize_with(holes.max(self.slots.len()), || None);
        self.slots.push_back(Some((group, change)));
    }

    pub(super) fn forget(&mut self, index: u64) {
        let at = index.checked_sub(self.first).map(|at| at as usize);
        if let Some(slot) = at.and_then(|at| self.slots.get_mut(at)) {
            *slot = None;
        }
        while self.slots.len() > 1 && matches!(self.slots.front(), Some(None)) {
            self.slots.pop_front();
            self.first += 1;
        }
    }

    /// Keeps what was written in the groups up to this.
    pub(super) fn reopen(&mut self, group: u64) {
        self.pop_while(|slot| slot.as_ref().is_none_or(|it| it.0 > group));
        self.newest = 0;
    }

    /// Drops what is behind an entry.
    pub(super) fn cut(&mut self, end: u64) {
        let behind = self.end().saturating_sub(end) as usize;
        self.slots.truncate(self.slots.len().saturating_sub(behind));
        self.pop_while(Option::is_none);
    }

    fn pop_while(&mut self, is_gone: impl Fn(&Option<(u64, Change)>) -> bool) {
        while self.slots.back().is_some_and(&is_gone) {
            self.slots.pop_back();
        }
        self.epochs.cut(self.end());
    }

    /// Up to where the disk has it that has the groups up to this.
    pub(super) fn written(&self, group: u64) -> u64 {
        let is_late = |slot: &Option<(u64, Change)>| slot.as_ref().is_some_and(|it| it.0 > group);
        let late = self.slots.iter().rev().take_while(|slot| is_late(slot)).count();
        self.end() - late as u64
    }

    /// What is still needed, from an index on.
    pub(super) fn from(&self, index: u64) -> impl Iterator<Item = Entry> {
        let skipped = index.saturating_sub(self.first) as usize;
        let first = self.first + skipped as u64;
        let slots = (first..).zip(self.slots.iter().skip(skipped));
        slots.filter_map(|(index, slot)| {
            slot.as_ref().map(|(_, change)| Entry { index, change: change.clone() })
        })
    }
}
