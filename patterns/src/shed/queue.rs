use std::collections::VecDeque;
use std::fmt;

use cascadia_runtime::Time;

use super::{Discipline, Next, QueueConfig};
use crate::call::{Layer, Reason, Rejection};
use crate::gate::{Lane, Ticket, Waitroom};
use crate::in_order::InOrder;

/// Permits, and a queue for them that sheds.
pub(super) struct Queue {
    config: QueueConfig,
    discipline: Discipline,
    in_flight: u32,
    /// Those who wait and since when, in the order they came.
    waiting: InOrder<Ticket, Time>,
    /// Those whose wait is over and who do not know it yet, and whether they have a permit.
    over: InOrder<Ticket, bool>,
    untold: VecDeque<Ticket>,
    next: u64,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("config", &self.config)
            .field("discipline", &self.discipline)
            .field("in_flight", &self.in_flight)
            .field("waiting", &self.waiting.len())
            .finish_non_exhaustive()
    }
}

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It holds a permit.
    Granted,
    /// It waits.
    Queued(Ticket),
    /// It is refused.
    Rejected(Rejection),
}

impl Queue {
    /// An empty queue with all its permits.
    pub(super) fn new(config: QueueConfig) -> Self {
        Self {
            config,
            discipline: Discipline::new(config.discipline),
            in_flight: 0,
            waiting: InOrder::default(),
            over: InOrder::default(),
            untold: VecDeque::new(),
            next: 0,
        }
    }

    /// A call comes.
    pub(super) fn on_call(&mut self, now: Time) -> Admission {
        if self.in_flight < self.config.limit {
            self.in_flight += 1;
            self.discipline.on_empty(now);
            return Admission::Granted;
        }
        if self.config.max_waiting.is_some_and(|max| self.waiting() >= max) {
            return Admission::Rejected(rejection(Reason::FULL));
        }
        let ticket = Ticket(self.next);
        self.next += 1;
        self.waiting.insert(ticket, now);
        Admission::Queued(ticket)
    }

    /// Gives a free permit to who is next, if anybody waits.
    fn serve(&mut self, now: Time) {
        while let Some((first, oldest)) = self.waiting.first() {
            let next = match self.discipline.next(now, self.waiting.len(), *oldest) {
                Next::Shed => {
                    self.waiting.pop_first();
                    self.decide(first, false);
                    continue;
                }
                Next::Oldest => self.waiting.pop_first(),
                Next::Newest => self.waiting.pop_last(),
            };
            let (ticket, _) = next.expect("somebody waits");
            return self.decide(ticket, true);
        }
        self.in_flight -= 1;
    }

    fn decide(&mut self, ticket: Ticket, granted: bool) {
        self.over.insert(ticket, granted);
        self.untold.push_back(ticket);
    }

    /// Calls that hold a permit.
    pub(super) fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// Calls that wait for one.
    pub(super) fn waiting(&self) -> u32 {
        self.waiting.len() as u32
    }
}

impl Waitroom for Queue {
    fn on_released(&mut self, now: impl FnOnce() -> Time, _: Lane) {
        self.serve(now());
    }

    fn on_left(&mut self, now: Time, _: Lane, ticket: Ticket) {
        match self.over.remove(ticket) {
            Some(true) => self.serve(now),
            Some(false) => {}
            None => drop(self.waiting.remove(ticket)),
        }
    }

    fn on_polled(&mut self, _: Lane, ticket: Ticket) -> Option<Result<(), Rejection>> {
        let granted = self.over.remove(ticket)?;
        Some(if granted { Ok(()) } else { Err(rejection(Reason::OVERLOADED)) })
    }

    fn poll_over(&mut self) -> Option<(Lane, Ticket)> {
        self.untold.pop_front().map(|ticket| (0, ticket))
    }
}

fn rejection(reason: Reason) -> Rejection {
    Rejection::new(Layer::SHED, reason)
}
