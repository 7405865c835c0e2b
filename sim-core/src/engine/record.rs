use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use cascadia_runtime::{Stream, Time};

use crate::{Digest, Event};

/// What a world records, whichever engine moves it: who draws, and what was emitted.
#[derive(Default)]
pub(crate) struct Record {
    seed: Cell<u64>,
    digest: RefCell<Digest>,
    streams: RefCell<BTreeSet<(String, String, u64)>>,
}

impl Record {
    /// Forgets everything and begins anew.
    pub(super) fn begin(&self, seed: u64) {
        self.seed.set(seed);
        self.digest.take();
        self.streams.take();
    }

    /// The stream of that name, to its one user.
    pub(crate) fn stream(&self, entity: &str, purpose: &str, incarnation: u64) -> Stream {
        let name = (entity.to_owned(), purpose.to_owned(), incarnation);
        let fresh = self.streams.borrow_mut().insert(name);
        assert!(fresh, "the stream ({entity}, {purpose}, {incarnation}) was asked for twice");
        Stream::new(self.seed.get(), entity, purpose, incarnation)
    }

    pub(super) fn emit(&self, at: Time, event: Event) {
        self.digest.borrow_mut().add(at, event);
    }

    /// The fingerprint of everything emitted so far.
    pub(crate) fn digest(&self) -> Digest {
        *self.digest.borrow()
    }
}
