use super::entry::Entry;

/// Timers in their order.
pub(super) struct Near {
    /// Those before `first` are gone.
    entries: Vec<Entry>,
    first: usize,
}

impl Near {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), first: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first == self.entries.len()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.first
    }

    pub(super) fn last(&self) -> Option<Entry> {
        self.entries[self.first..].last().copied()
    }

    pub(super) fn get(&self, ahead: usize) -> Option<Entry> {
        self.entries.get(self.first + ahead).copied()
    }

    /// Takes out the first timer, if it is not later than `limit`.
    pub(super) fn pop_first(&mut self, limit: u64) -> Option<Entry> {
        let entry = self.get(0).filter(|entry| entry.instant <= limit)?;
        self.first += 1;
        Some(entry)
    }

    pub(super) fn pop_last(&mut self) -> Option<Entry> {
        if self.is_empty() { None } else { self.entries.pop() }
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        let place = self.place(entry);
        if place == self.first && place > 0 {
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

    pub(super) fn remove(&mut self, entry: Entry) {
        let place = self.place(entry);
        debug_assert_eq!(self.entries[place], entry, "a near timer is in its place");
        self.entries.remove(place);
    }

    /// Makes room for the timers that come next; empty as it is.
    pub(super) fn begin(&mut self) -> &mut Vec<Entry> {
        debug_assert!(self.is_empty());
        self.entries.clear();
        self.first = 0;
        &mut self.entries
    }

    fn place(&self, entry: Entry) -> usize {
        self.first + self.entries[self.first..].partition_point(|other| *other < entry)
    }
}
