use std::time::Duration;

use super::line::Line;
use super::{BulkheadConfig, Ticket};
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
    line: Line,
}

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It holds a permit.
    Granted,
    /// It waits.
    Queued {
        /// Its place.
        ticket: Ticket,
        /// How long it may wait.
        most: Duration,
    },
    /// It is refused.
    Rejected(Rejection),
}

impl Bulkhead {
    /// A bulkhead with all its permits.
    pub fn new(config: BulkheadConfig) -> Self {
        Self { config, in_flight: 0, line: Line::default() }
    }

    /// A call comes.
    pub fn on_call(&mut self) -> Admission {
        if self.in_flight < self.config.limit {
            self.in_flight += 1;
            return Admission::Granted;
        }
        let may_wait = !self.config.max_wait.is_zero()
            && self.config.max_waiting.is_none_or(|max| self.waiting() < max);
        if !may_wait {
            return Admission::Rejected(rejection(Reason::FULL));
        }
        Admission::Queued { ticket: self.line.join(), most: self.config.max_wait }
    }

    /// A call that held a permit ended. Returns whose turn it is: that one holds the permit now.
    pub fn on_released(&mut self) -> Option<Ticket> {
        let next = self.line.grant();
        self.in_flight -= u32::from(next.is_none());
        next
    }

    /// A waiter saw that it holds a permit, if it does, and leaves the queue with it.
    pub fn on_claimed(&mut self, ticket: Ticket) -> bool {
        self.line.claim(ticket)
    }

    /// A waiter leaves without a permit. Returns whose turn it is when it leaves one behind.
    pub fn on_left(&mut self, ticket: Ticket) -> Option<Ticket> {
        if self.line.leave(ticket) { self.on_released() } else { None }
    }

    /// Calls that hold a permit.
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// Calls that wait for one.
    pub fn waiting(&self) -> u32 {
        self.line.len()
    }
}

pub(super) fn rejection(reason: Reason) -> Rejection {
    Rejection::new(Layer::BULKHEAD, reason)
}
