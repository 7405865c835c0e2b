use std::collections::{BTreeSet, VecDeque};

/// What must be remembered of messages that are gone.
#[derive(Debug, Default)]
pub(super) struct Trimming {
    /// Which producers batches are of, by where they end.
    origins: VecDeque<(u64, u64)>,
    /// Where it is written where the log starts.
    start: u64,
    /// How long the log was when it was last compacted.
    pub(super) compacted: usize,
}

impl Trimming {
    pub(super) fn add_origin(&mut self, end: u64, producer: u64) {
        self.origins.push_back((end, producer));
    }

    pub(super) fn written(&mut self, entry: u64) -> u64 {
        std::mem::replace(&mut self.start, entry)
    }

    pub(super) fn origins_before(&mut self, start: u64) -> BTreeSet<u64> {
        let mut producers = BTreeSet::new();
        while let Some((_, producer)) = self.origins.front().filter(|(end, _)| *end <= start) {
            producers.insert(*producer);
            self.origins.pop_front();
        }
        producers
    }
}
