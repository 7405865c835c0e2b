use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use cascadia_runtime::{Identity, Stream, Time};

use crate::{Digest, Event};

/// What a world records, whichever engine moves it: who draws, and what was emitted.
#[derive(Default)]
pub(crate) struct Record {
    seed: Cell<u64>,
    digest: RefCell<Digest>,
    /// The last life of each that asked for its stream.
    streams: RefCell<BTreeMap<Identity, u64>>,
}

impl Record {
    /// Forgets everything and begins anew.
    pub(super) fn begin(&self, seed: u64) {
        self.seed.set(seed);
        self.digest.take();
        self.streams.take();
    }

    /// The stream of a life, to its one user. Lives come in their order, so only the last is
    /// remembered, however many there were.
    pub(crate) fn stream(&self, who: Identity, incarnation: u64) -> Stream {
        let last = self.streams.borrow_mut().insert(who, incarnation);
        let fresh = last.is_none_or(|last| last < incarnation);
        assert!(fresh, "the stream of life {incarnation} was asked for twice");
        Stream::new(self.seed.get(), who, incarnation)
    }

    pub(super) fn emit(&self, at: Time, event: Event) {
        self.digest.borrow_mut().add(at, event);
    }

    /// The fingerprint of everything emitted so far.
    pub(crate) fn digest(&self) -> Digest {
        *self.digest.borrow()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ended_lives_leave_nothing_behind() {
        let record = Record::default();
        let db = |number| Identity::new("service").name("db").number(number);
        let first = |life| record.stream(db(0), life).next_u64();
        let drawn: std::collections::BTreeSet<u64> = (0..1_000).map(first).collect();
        assert_eq!(drawn.len(), 1_000, "each life draws its own numbers");
        record.stream(db(1), 0);
        assert_eq!(record.streams.borrow().len(), 2);
    }
}
