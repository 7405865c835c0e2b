use std::collections::{BTreeMap, BTreeSet};

/// Messages of a topic that are published under an id of their own, and perhaps more than once.
#[derive(Default)]
pub(super) struct Named {
    /// The numbers of the messages, by the requests that they are published for.
    numbers: BTreeMap<u64, u64>,
    /// Those that no publisher was told to be there.
    unpromised: BTreeSet<u64>,
    promised: BTreeSet<u64>,
}

impl Named {
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The number of the message that was published before for a request.
    pub(super) fn number(&self, request: u64) -> Option<u64> {
        self.numbers.get(&request).copied()
    }

    /// One is published for the first time.
    pub(super) fn add(&mut self, request: u64, number: u64) {
        self.numbers.insert(request, number);
        self.unpromised.insert(number);
    }

    /// A publisher was told that it is there. Whether one was told so before.
    pub(super) fn promise(&mut self, number: u64) -> bool {
        match self.unpromised.remove(&number) {
            true => !self.promised.insert(number),
            false => self.is_promised(number),
        }
    }

    /// Whether a publisher was told that it is there.
    pub(super) fn is_promised(&self, number: u64) -> bool {
        self.promised.contains(&number)
    }
}
