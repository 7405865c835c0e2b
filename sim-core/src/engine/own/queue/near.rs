use super::entry::Entry;

/// Timers in their order.
pub(super) struct Near {
    /// Those before `first` are gone; there are none if all are.
    entries: Vec<Entry>,
    first: usize,
}

impl Near {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), first: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.first
    }

    pub(super) fn last(&self) -> Option<Entry> {
        self.entries.last().copied()
    }

    pub(super) fn get(&self, ahead: usize) -> Option<Entry> {
        self.entries.get(self.first + ahead).copied()
    }

    /// Takes out the first timer, if it is not later than `limit`.
    pub(super) fn pop_first(&mut self, limit: u64) -> Option<Entry> {
        let entry = self.get(0).filter(|entry| entry.instant <= limit)?;
        self.first += 1;
        self.settle();
        Some(entry)
    }

    pub(super) fn pop_last(&mut self) -> Option<Entry> {
        let last = self.entries.pop();
        self.settle();
        last
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        let later = self.entries[self.first..].partition_point(|other| *other < entry);
        let place = self.first + later;
        if later == 0 && self.first > 0 {
            self.first -= 1;
            self.entries[self.first] = entry;
            return;
        }
        self.entries.insert(place, entry);
        if self.first > self.len() {
            self.entries.drain(..self.first);
            self.first = 0;
        }
    }

    pub(super) fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.entries.drain(..self.first);
        self.first = 0;
        self.entries.retain(keep);
    }

    /// Takes in the timers that come next, where there are none.
    pub(super) fn refill(&mut self, entries: impl Iterator<Item = Entry>) {
        debug_assert!(self.is_empty());
        self.entries.extend(entries);
        self.entries.sort_unstable();
    }

    fn settle(&mut self) {
        if self.first == self.entries.len() {
            self.entries.clear();
            self.first = 0;
        }
    }
}
