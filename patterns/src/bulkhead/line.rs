use super::Ticket;
use crate::in_order::InOrder;
use std::fmt;

/// Those who wait for a permit, and those who have one and do not know it yet.
#[derive(Default)]
pub(super) struct Line {
    waiting: InOrder<Ticket, ()>,
    granted: InOrder<Ticket, ()>,
    next: u64,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("waiting", &self.waiting.len())
            .field("granted", &self.granted.len())
            .finish_non_exhaustive()
    }
}

impl Line {
    pub(super) fn len(&self) -> u32 {
        self.waiting.len() as u32
    }

    /// Somebody begins to wait.
    pub(super) fn join(&mut self) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        self.waiting.insert(ticket, ());
        ticket
    }

    /// The first in line gets a permit.
    pub(super) fn grant(&mut self) -> Option<Ticket> {
        let (ticket, ()) = self.waiting.pop_first()?;
        self.granted.insert(ticket, ());
        Some(ticket)
    }

    /// Somebody sees that he has a permit, if he has, and leaves with it.
    pub(super) fn claim(&mut self, ticket: Ticket) -> bool {
        self.granted.remove(ticket).is_some()
    }

    /// Somebody leaves without a permit. Returns whether he left one behind.
    pub(super) fn leave(&mut self, ticket: Ticket) -> bool {
        self.waiting.remove(ticket);
        self.granted.remove(ticket).is_some()
    }
}
