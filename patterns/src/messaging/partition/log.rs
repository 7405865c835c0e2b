use std::collections::VecDeque;
use std::sync::Arc;

use cascadia_runtime::Wall;

use super::entry::Appended;
use crate::messaging::message::Message;

/// The messages that are kept, in the order of their offsets.
#[derive(Debug, Default)]
pub(super) struct Log {
    start: u64,
    end: u64,
    /// Where none was taken out of the middle, without gaps.
    records: VecDeque<Record>,
    bytes: u64,
    /// When the newest came.
    newest: Wall,
    /// What is before this is durable, and may be shown.
    horizon: u64,
}

/// A place in the log.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) offset: u64,
    /// Nothing where it is kept no more.
    pub(super) message: Option<Arc<Message>>,
    pub(super) at: Wall,
    pub(super) fate: Fate,
    /// Where it is written down.
    pub(super) entry: u64,
    /// How many bytes the message has.
    size: u64,
}

/// What became of the transaction of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is of none, or that is committed.
    Committed,
    Open,
    Aborted,
}

impl Log {
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    pub(super) fn end(&self) -> u64 {
        self.end
    }

    pub(super) fn horizon(&self) -> u64 {
        self.horizon
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn newest(&self) -> Wall {
        self.newest
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.iter()
    }

    /// From an offset on.
    pub(super) fn from(&self, offset: u64) -> impl Iterator<Item = &Record> {
        let place = self.records.partition_point(|record| record.offset < offset);
        self.records.range(place..)
    }

    pub(super) fn get(&self, offset: u64) -> Option<&Record> {
        self.records.get(self.place(offset)?)
    }

    fn place(&self, offset: u64) -> Option<usize> {
        let guess = offset.checked_sub(self.records.front()?.offset)?;
        let guess = usize::try_from(guess).ok()?;
        match self.records.get(guess).is_some_and(|record| record.offset == offset) {
            true => Some(guess),
            false => self.records.binary_search_by_key(&offset, |record| record.offset).ok(),
        }
    }

    /// The first place at or behind an offset at which there is something.
    pub(super) fn next(&self, offset: u64) -> u64 {
        let place = self.records.partition_point(|record| record.offset < offset);
        self.records.get(place).map_or(self.end, |record| record.offset)
    }

    pub(super) fn append(&mut self, appended: &Appended, entry: u64) {
        self.reach(appended.first.0);
        let fate = if appended.transactional { Fate::Open } else { Fate::Committed };
        let at = appended.at;
        self.newest = at;
        for message in &appended.messages {
            let (offset, size) = (self.end, message.size() as u64);
            let message = Some(Arc::clone(message));
            let record = Record { offset, message, at, fate, entry, size };
            self.bytes += size;
            self.records.push_back(record);
            self.end += 1;
        }
    }

    /// Begins or goes on at an offset, as an earlier life has left it.
    pub(super) fn reach(&mut self, offset: u64) {
        if self.records.is_empty() && self.start < offset {
            (self.start, self.horizon) = (offset, offset);
        }
        self.end = self.end.max(offset);
    }

    /// Shows what has become durable.
    pub(super) fn show(&mut self, durable: u64) {
        while self.horizon < self.end {
            self.horizon = match self.get(self.horizon) {
                Some(record) if record.entry > durable => break,
                Some(_) => self.horizon + 1,
                None => self.next(self.horizon),
            };
        }
    }

    pub(super) fn set_fate(&mut self, offset: u64, fate: Fate) {
        if let Some(place) = self.place(offset)
            && let Some(record) = self.records.get_mut(place)
        {
            record.fate = fate;
        }
    }

    /// Keeps the place, and not the message.
    pub(super) fn empty(&mut self, offset: u64) {
        if let Some(place) = self.place(offset)
            && let Some(record) = self.records.get_mut(place)
        {
            self.bytes -= std::mem::take(&mut record.size);
            record.message = None;
        }
    }

    /// Lets go of everything before an offset, and says which entries are needed no more for it.
    pub(super) fn trim(&mut self, start: u64) -> Vec<u64> {
        let mut gone = Vec::new();
        while let Some(record) = self.records.front().filter(|record| record.offset < start) {
            let entry = record.entry;
            self.bytes -= record.size;
            self.records.pop_front();
            if self.records.front().is_none_or(|next| next.entry != entry) {
                gone.push(entry);
            }
        }
        self.start = self.start.max(start);
        self.end = self.end.max(start);
        self.horizon = self.horizon.max(start);
        gone
    }

    /// Keeps only these, and says which entries are needed no more.
    pub(super) fn retain(&mut self, keep: impl Fn(&Record) -> bool) -> Vec<u64> {
        let entries: Vec<_> = self.records.iter().map(|record| record.entry).collect();
        self.records.retain(keep);
        self.bytes = self.records.iter().map(|record| record.size).sum();
        let mut left = self.records.iter().map(|record| record.entry).peekable();
        let mut gone = Vec::new();
        for entry in entries {
            while left.next_if(|other| *other < entry).is_some() {}
            if left.peek() != Some(&entry) && gone.last() != Some(&entry) {
                gone.push(entry);
            }
        }
        gone
    }

    /// The first place of what came at this time or later.
    pub(super) fn since(&self, at: Wall) -> u64 {
        let place = self.records.partition_point(|record| record.at < at);
        self.records.get(place).map_or(self.end, |record| record.offset)
    }
}
