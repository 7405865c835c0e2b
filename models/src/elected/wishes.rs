use std::collections::BTreeMap;

use cascadia_patterns::raft::Proposed;
use futures::channel::oneshot::{Receiver, Sender, channel};

use crate::store::Applied;

/// What is wanted of a leader and not yet answered. Dropped, who waits learns that nobody knows what
/// becomes of it.
#[derive(Default)]
pub(super) struct Wishes {
    /// By the index of the entry, each with its term.
    writes: BTreeMap<u64, (u64, Sender<Applied>)>,
    /// By its number, each with its row.
    reads: BTreeMap<u64, (u64, Sender<u64>)>,
    pub(super) reads_so_far: u64,
}

impl Wishes {
    pub(super) fn write(&mut self, at: Proposed) -> Receiver<Applied> {
        let (sender, receiver) = channel();
        self.writes.insert(at.index, (at.term, sender));
        receiver
    }

    /// Returns the number of the read, too.
    pub(super) fn read(&mut self, row: u64) -> (u64, Receiver<u64>) {
        let (sender, receiver) = channel();
        self.reads_so_far += 1;
        self.reads.insert(self.reads_so_far, (row, sender));
        (self.reads_so_far, receiver)
    }

    /// Who waits for the entry at an index, if it has this term and not another in its place.
    pub(super) fn written(&mut self, index: u64, term: u64) -> Option<Sender<Applied>> {
        let (wanted, sender) = self.writes.remove(&index)?;
        (wanted == term).then_some(sender)
    }

    /// The row of a read, and who waits for it.
    pub(super) fn end_read(&mut self, number: u64) -> Option<(u64, Sender<u64>)> {
        self.reads.remove(&number)
    }

    /// It is the leader no more.
    pub(super) fn lose_writes(&mut self) {
        self.writes.clear();
    }
}
