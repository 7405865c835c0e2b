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
    /// So many of the first have no message any more.
    emptied: usize,
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

    /// Shows nothing that is not durable yet.
    pub(super) fn hide(&mut self, durable: u64) {
        let hidden = self.records.iter().find(|record| record.entry > durable);
        self.horizon = hidden.map_or(self.end, |record| record.offset);
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
            if place == self.emptied {
                self.pass_emptied();
            }
        }
    }

    fn pass_emptied(&mut self) {
        let behind = self.records.range(self.emptied..);
        self.emptied += behind.take_while(|record| record.message.is_none()).count();
    }

    /// The oldest message.
    pub(super) fn oldest(&self) -> Option<&Record> {
        self.records.get(self.emptied)
    }

    /// Lets go of everything before an offset, and says which entries are needed no more for it.
    pub(super) fn trim(&mut self, start: u64) -> Vec<u64> {
        let mut gone = Vec::new();
        while let Some(record) = self.records.front().filter(|record| record.offset < start) {
            let entry = record.entry;
            self.bytes -= record.size;
            self.records.pop_front();
            self.emptied = self.emptied.saturating_sub(1);
            if self.records.front().is_none_or(|next| next.entry != entry) {
                gone.push(entry);
            }
        }
        self.pass_emptied();
        self.start = self.start.max(start);
        self.end = self.end.max(start);
        self.horizon = self.horizon.max(start);
        gone
    }

    /// Keeps only these, and says which entries are needed no more.
    pub(super) fn retain(&mut self, keep: impl Fn(&Record) -> bool) -> Vec<u64> {
        let entries: Vec<_> = self.records.iter().map(|record| record.entry).collect();
        self.records.retain(keep);
        self.emptied = 0;
        self.pass_emptied();
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::messaging::ids::Offset;

    #[derive(Clone, Debug)]
    enum Event {
        Append(u8),
        Empty(prop::sample::Index),
        Trim(prop::sample::Index),
        /// Keeps those whose offsets cannot be divided by this.
        Retain(u64),
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            3 => (1..4_u8).prop_map(Event::Append),
            6 => any::<prop::sample::Index>().prop_map(Event::Empty),
            1 => any::<prop::sample::Index>().prop_map(Event::Trim),
            1 => (2..5_u64).prop_map(Event::Retain),
        ]
    }

    proptest! {
        #[test]
        fn the_oldest_is_the_first_that_has_a_message(
            events in prop::collection::vec(event(), 0..100),
        ) {
            let mut log = Log::default();
            for event in events {
                let any = |index: prop::sample::Index, log: &Log| {
                    log.start() + index.index((log.end() - log.start() + 1) as usize) as u64
                };
                match event {
                    Event::Append(count) => log.append(&Appended {
                        first: Offset(log.end()),
                        at: Wall::EPOCH,
                        messages: (0..count).map(|_| Arc::new(Message::new("m"))).collect(),
                        numbered: None,
                        transactional: false,
                    }, 1),
                    Event::Empty(index) => log.empty(any(index, &log)),
                    Event::Trim(index) => drop(log.trim(any(index, &log))),
                    Event::Retain(by) => drop(log.retain(|record| record.offset % by > 0)),
                }
                let first = log.iter().find(|record| record.message.is_some());
                let offset = |record: &Record| record.offset;
                prop_assert_eq!(log.oldest().map(offset), first.map(offset));
            }
        }
    }
}
