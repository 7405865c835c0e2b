use std::collections::BTreeSet;

use cascadia_runtime::Time;

use super::BulkheadConfig;
use crate::call::{Layer, Reason, Rejection};

/// The permits of a bulkhead and the queue for them.
///
/// Events go in by `on_*`. A permit is held from [`Admission::Granted`], or from the moment a
/// waiting [`Ticket`] is granted, until [`on_released`](Self::on_released) or
/// [`on_left`](Self::on_left).
#[derive(Debug)]
pub struct Bulkhead {
    config: BulkheadConfig,
    in_flight: u32,
    waiting: BTreeSet<Ticket>,
    granted: BTreeSet<Ticket>,
    next: u64,
}

/// A place in the queue; earlier places are smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It holds a permit.
    Granted,
    /// It waits.
    Queued {
        /// Its place.
        ticket: Ticket,
        /// When it stops waiting.
        until: Time,
    },
    /// It is refused.
    Rejected(Rejection),
}

impl Bulkhead {
    /// A bulkhead with all its permits.
    pub fn new(config: BulkheadConfig) -> Self {
        let (waiting, granted) = (BTreeSet::new(), BTreeSet::new());
        Self { config, in_flight: 0, waiting, granted, next: 0 }
    }

    /// A call comes.
    pub fn on_call(&mut self, now: Time) -> Admission {
        if self.in_flight < self.config.limit {
            self.in_flight += 1;
            return Admission::Granted;
        }
        let may_wait = !self.config.max_wait.is_zero()
            && self.config.max_waiting.is_none_or(|max| self.waiting() < max);
        if !may_wait {
            return Admission::Rejected(rejection(Reason::Full));
        }
        let ticket = Ticket(self.next);
        self.next += 1;
        self.waiting.insert(ticket);
        Admission::Queued { ticket, until: now + self.config.max_wait }
    }

    /// A call that held a permit ended. Returns whose turn it is: that one holds the permit now.
    pub fn on_released(&mut self) -> Option<Ticket> {
        let Some(ticket) = self.waiting.pop_first() else {
            self.in_flight -= 1;
            return None;
        };
        self.granted.insert(ticket);
        Some(ticket)
    }

    /// A waiter saw that it holds a permit, if it does, and leaves the queue with it.
    pub fn on_claimed(&mut self, ticket: Ticket) -> bool {
        self.granted.remove(&ticket)
    }

    /// A waiter leaves without a permit. Returns whose turn it is when it leaves one behind.
    pub fn on_left(&mut self, ticket: Ticket) -> Option<Ticket> {
        if self.granted.remove(&ticket) {
            return self.on_released();
        }
        self.waiting.remove(&ticket);
        None
    }

    /// Calls that hold a permit.
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// Calls that wait for one.
    pub fn waiting(&self) -> u32 {
        self.waiting.len() as u32
    }
}

pub(super) fn rejection(reason: Reason) -> Rejection {
    Rejection { by: Layer::Bulkhead, reason, retry_after: None, safe_to_retry: true }
}
