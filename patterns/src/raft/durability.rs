use std::collections::VecDeque;

use super::entry::Hard;
use super::log::Log;
use super::ready::Persist;

/// What the disk has, is about to have, and does not know of yet.
///
/// Writing takes time, and events do not wait for it: the log in memory is ahead of the disk, and what
/// is said about it has to wait until the disk has caught up. Writes are numbered and end in their
/// order, so that a number is all that has to be remembered.
#[derive(Debug)]
pub(super) struct Durability {
    /// The last write that was asked for.
    issued: u64,
    /// The last one that has ended.
    durable: u64,
    /// Those in between, each with the last entry that it leaves on disk and that is still in the log.
    writes: VecDeque<(u64, u64)>,
    /// Up to here the log is on disk.
    durable_index: u64,
    /// Up to here the disk has been told.
    told_index: u64,
    hard_changed: bool,
    truncated_from: Option<u64>,
}

impl Durability {
    /// All that is in the log is also on disk.
    pub(super) fn new(last_index: u64) -> Self {
        Self {
            issued: 0,
            durable: 0,
            writes: VecDeque::new(),
            durable_index: last_index,
            told_index: last_index,
            hard_changed: false,
            truncated_from: None,
        }
    }

    pub(super) fn durable(&self) -> u64 {
        self.durable
    }

    pub(super) fn durable_index(&self) -> u64 {
        self.durable_index
    }

    pub(super) fn on_hard_changed(&mut self) {
        self.hard_changed = true;
    }

    /// Entries from `index` on have left the log. A write under way may put them on disk all the
    /// same, but that counts for nothing any more.
    pub(super) fn on_truncated(&mut self, index: u64) {
        let last = index - 1;
        self.durable_index = self.durable_index.min(last);
        for (_, until) in &mut self.writes {
            *until = last.min(*until);
        }
        if self.told_index > last {
            self.told_index = last;
            self.truncated_from = Some(self.truncated_from.map_or(index, |from| from.min(index)));
        }
    }

    /// The write after whose end all is on disk that is known now.
    pub(super) fn covering(&self, log: &Log) -> u64 {
        self.issued + u64::from(self.has_changed(log))
    }

    /// The next write, if there is anything to write.
    pub(super) fn next(&mut self, hard: Hard, log: &Log) -> Option<Persist> {
        if !self.has_changed(log) {
            return None;
        }
        let append = log.from(self.told_index + 1, u64::MAX).to_vec();
        self.issued += 1;
        self.told_index = log.last_index();
        self.writes.push_back((self.issued, self.told_index));
        Some(Persist {
            number: self.issued,
            hard: std::mem::take(&mut self.hard_changed).then_some(hard),
            truncate_from: self.truncated_from.take(),
            append,
        })
    }

    pub(super) fn on_persisted(&mut self, number: u64) {
        assert!(number <= self.issued, "write {number} was not asked for");
        while let Some((write, until)) = self.writes.front().copied() {
            if write > number {
                break;
            }
            self.durable_index = self.durable_index.max(until);
            self.writes.pop_front();
        }
        self.durable = self.durable.max(number);
    }

    fn has_changed(&self, log: &Log) -> bool {
        self.hard_changed || self.truncated_from.is_some() || self.told_index < log.last_index()
    }
}
