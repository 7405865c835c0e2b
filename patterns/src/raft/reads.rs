use std::collections::VecDeque;

/// Reads that a leader may answer when it knows that it still was one when they came.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// In the order in which they came, hence of their rounds and indexes.
    waiting: VecDeque<Read>,
}

#[derive(Clone, Copy, Debug)]
struct Read {
    id: u64,
    /// A round of heartbeats that began after it came.
    round: u64,
    /// What must be applied.
    index: u64,
}

impl Reads {
    pub(super) fn push(&mut self, id: u64, round: u64, index: u64) {
        self.waiting.push_back(Read { id, round, index });
    }

    /// Those that may be answered when `round` is confirmed and all up to `applied` is applied.
    pub(super) fn take(&mut self, round: u64, applied: u64) -> Vec<u64> {
        let is_due = |read: &Read| read.round <= round && read.index <= applied;
        let due = self.waiting.partition_point(is_due);
        self.waiting.drain(..due).map(|read| read.id).collect()
    }

    pub(super) fn all(&mut self) -> Vec<u64> {
        self.waiting.drain(..).map(|read| read.id).collect()
    }

    /// Whether the round that has begun came too early for one of them, and none is under way that
    /// will be over sooner: `confirmed` is the last one of which a majority knows.
    pub(super) fn want_round(&self, begun: u64, confirmed: u64) -> bool {
        confirmed == begun && self.waiting.back().is_some_and(|read| read.round > begun)
    }
}
