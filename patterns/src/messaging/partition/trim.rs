use cascadia_runtime::{Time, Wall};

use super::core::PartitionCore;
use super::entry::Change;
use crate::messaging::ids::Offset;
use crate::messaging::topic::Keep;

/// Messages that are worth no entry that they are gone.
const SLACK: u64 = 64;

impl PartitionCore {
    /// The first message that some group is not done with.
    pub(super) fn floor(&self) -> Option<u64> {
        self.readers.values().map(|reader| reader.floor()).min()
    }

    /// Messages that are not done by all who read; all, while nobody does.
    pub(super) fn unsettled_by_any(&self) -> u64 {
        let left = match self.readers.len() {
            0 => self.base.log.len() as u64,
            _ => self
                .readers
                .values()
                .map(|reader| {
                    reader.unsettled() + self.base.log.end().saturating_sub(reader.frontier())
                })
                .max()
                .unwrap_or_default(),
        };
        left.saturating_sub(self.overflowed.len())
    }

    /// Of a queue, lets go of what everybody is done with.
    pub(super) fn trim_settled(&mut self) {
        if self.settings.keep != Keep::Unsettled {
            return;
        }
        let Some(floor) = self.floor() else { return };
        if floor >= self.base.log.start() + SLACK {
            self.trim(floor);
        }
    }

    /// Lets go of what is too old.
    pub(super) fn trim_old(&mut self) {
        let wall = self.base.now.wall;
        if let Some(most) = self.settings.retain_for {
            let is_old = |at: Wall| wall.since(at) >= most;
            let first_kept = self.base.log.iter().find(|record| !is_old(record.at));
            let start = first_kept.map_or_else(|| self.base.log.end(), |record| record.offset);
            self.trim(start);
        }
        let gone = self.producers.expire(wall);
        gone.into_iter().for_each(|entry| self.base.journal.forget(entry));
    }

    /// When that is worth to be looked at: a hundredth of the time late, so that what came one by one goes
    /// together. What cannot go yet is not waited for: whoever makes it durable, or ends its transaction, looks anew.
    pub(super) fn next_trim(&self) -> Time {
        let Some(most) = self.settings.retain_for else { return Time::MAX };
        match self.base.log.oldest().filter(|oldest| self.can_go(oldest.offset)) {
            Some(oldest) => self.base.now.time_of(oldest.at + most + most / 100),
            None => Time::MAX,
        }
    }

    fn can_go(&self, offset: u64) -> bool {
        let is_last = self.settings.keep_last && offset + 1 == self.base.log.end();
        !is_last && offset < self.base.log.horizon().min(self.open.first())
    }

    /// Lets go of the oldest where it is too much, and of a little more, so that not each message that comes moves the
    /// start.
    pub(super) fn trim_large(&mut self) {
        let Some(most) = self.settings.retain_bytes else { return };
        let mut left = self.base.log.bytes();
        if left <= most {
            return;
        }
        let start = self.base.log.iter().find(|record| {
            let size = record.message.as_ref().map_or(0, |message| message.size() as u64);
            let is_kept = left <= most - most / SLACK;
            left -= size;
            is_kept
        });
        let start = start.map_or_else(|| self.base.log.end(), |record| record.offset);
        self.trim(start);
    }

    /// Lets go of everything before `start`, of which what must be known is written down again.
    fn trim(&mut self, start: u64) {
        let last = self.base.log.end().saturating_sub(u64::from(self.settings.keep_last));
        let start = start.min(self.base.log.horizon()).min(last).min(self.open.first());
        if start <= self.base.log.start() {
            return;
        }
        for producer in self.trimming.origins_before(start) {
            self.write_producer(producer);
        }
        self.write_seen(self.base.log.start()..start);
        let entry = self.base.journal.write(Change::Trimmed(Offset(start)));
        let mut gone = self.base.log.trim(start);
        gone.push(self.trimming.written(entry));
        gone.extend(self.open.trim(start));
        gone.into_iter().for_each(|entry| self.base.journal.forget(entry));
        self.readers.values_mut().for_each(|reader| reader.lift(start, &mut self.base));
    }

    /// Writes down what is known of a producer, instead of its batches.
    pub(super) fn write_producer(&mut self, id: u64) {
        if let Some((state, before)) = self.producers.state(id) {
            let entry = self.base.journal.write(Change::Producer(state));
            self.base.journal.forget(before);
            self.producers.written(id, entry);
        }
    }

    fn write_seen(&mut self, gone: std::ops::Range<u64>) {
        let (wall, window) = (self.base.now.wall, self.settings.dedupe);
        let old = self.seen.expire(wall, window);
        old.into_iter().for_each(|entry| self.base.journal.forget(entry));
        let known = self.seen.between(gone);
        if let Some(last) = known.last().map(|known| known.at) {
            let entry = self.base.journal.write(Change::Seen(known));
            self.seen.written(last, entry);
        }
    }
}
