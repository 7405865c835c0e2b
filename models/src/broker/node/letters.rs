use std::collections::BTreeMap;

use cascadia_patterns::messaging::Batch;
use cascadia_patterns::messaging::partition::Deceased;

/// Dead letters that are not known to be where they go. They are posted again until they are, and
/// known there by their ids.
#[derive(Default)]
pub(super) struct Letters {
    next: u64,
    open: BTreeMap<u64, Letter>,
}

struct Letter {
    /// The partition that it comes from, and which of its messages.
    from: (usize, Deceased),
    batch: Batch,
}

impl Letters {
    /// Keeps a letter until it is known to be there, and gives it a number.
    pub(super) fn add(&mut self, from: (usize, Deceased), batch: Batch) -> u64 {
        self.next += 1;
        self.open.insert(self.next, Letter { from, batch });
        self.next
    }

    pub(super) fn get(&self, number: u64) -> Option<&Batch> {
        self.open.get(&number).map(|letter| &letter.batch)
    }

    /// A letter is there. Says where it comes from, unless that was known.
    pub(super) fn remove(&mut self, number: u64) -> Option<(usize, Deceased)> {
        self.open.remove(&number).map(|letter| letter.from)
    }

    /// Those of a partition are somebody else's now.
    pub(super) fn leave(&mut self, at: usize) {
        self.open.retain(|_, letter| letter.from.0 != at);
    }

    pub(super) fn open(&self) -> Vec<u64> {
        self.open.keys().copied().collect()
    }
}
