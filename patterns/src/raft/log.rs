use super::entry::{Entry, Payload};
use super::message::Last;

/// The entries of a member, those that its disk does not have yet included.
#[derive(Debug)]
pub(super) struct Log {
    entries: Vec<Entry>,
}

impl Log {
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let is_gapless = entries.iter().zip(1..).all(|(entry, index)| entry.index == index);
        assert!(is_gapless, "the log begins with index 1 and has no gaps");
        Self { entries }
    }

    pub(super) fn last_index(&self) -> u64 {
        self.entries.len() as u64
    }

    pub(super) fn last(&self) -> Last {
        let term = self.entries.last().map_or(0, |entry| entry.term);
        Last { term, index: self.last_index() }
    }

    pub(super) fn get(&self, index: u64) -> Option<&Entry> {
        self.entries.get(place(index)?)
    }

    /// The term of an entry; 0 before the first one, and none after the last.
    pub(super) fn term(&self, index: u64) -> Option<u64> {
        if index == 0 { Some(0) } else { self.get(index).map(|entry| entry.term) }
    }

    /// At most `most` entries from `first` on.
    pub(super) fn from(&self, first: u64, most: u64) -> &[Entry] {
        let start = place(first).map_or(0, |place| place.min(self.entries.len()));
        let rest = &self.entries[start..];
        &rest[..rest.len().min(usize::try_from(most).unwrap_or(usize::MAX))]
    }

    /// Adds an entry at the end, and returns its index.
    pub(super) fn push(&mut self, term: u64, payload: Payload) -> u64 {
        let index = self.last_index() + 1;
        self.entries.push(Entry { term, index, payload });
        index
    }

    pub(super) fn extend(&mut self, entries: &[Entry]) {
        assert_eq!(entries.first().map_or(0, |entry| entry.index), self.last_index() + 1);
        self.entries.extend_from_slice(entries);
    }

    /// Forgets `index` and all that follows.
    pub(super) fn truncate_from(&mut self, index: u64) {
        self.entries.truncate(place(index).unwrap_or(0));
    }

    /// The first entry that has the term of the one at `index`.
    pub(super) fn first_of_term_at(&self, index: u64) -> u64 {
        let term = self.term(index);
        let before = self.entries.partition_point(|entry| Some(entry.term) < term);
        before as u64 + 1
    }

    /// The last entry of `term`, if there is one.
    pub(super) fn last_of_term(&self, term: u64) -> Option<u64> {
        let until = self.entries.partition_point(|entry| entry.term <= term) as u64;
        (self.term(until) == Some(term)).then_some(until)
    }
}

fn place(index: u64) -> Option<usize> {
    usize::try_from(index.checked_sub(1)?).ok()
}
