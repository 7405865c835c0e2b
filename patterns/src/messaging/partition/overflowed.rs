use std::collections::BTreeMap;

use super::effect::Ticket;
use crate::messaging::receipt::Receipt;

/// Messages for which there was no room, on their way to the dead letters.
#[derive(Debug, Default)]
pub(super) struct Overflowed {
    next: u64,
    pub(super) of: BTreeMap<u64, Of>,
    pub(super) heads: u64,
}

/// What waits for a burial.
#[derive(Debug)]
pub(super) enum Of {
    /// The message at an offset goes.
    Head(u64),
    /// A batch is answered, with the last of its messages.
    New(Ticket, Receipt),
}

impl Overflowed {
    /// How many messages are there that were given up.
    pub(super) fn len(&self) -> u64 {
        self.heads
    }

    pub(super) fn add(&mut self, of: Of) -> u64 {
        self.next += 1;
        self.heads += u64::from(matches!(of, Of::Head(_)));
        self.of.insert(self.next, of);
        self.next
    }
}
