use std::collections::VecDeque;
use std::fmt;

use cascadia_runtime::Time;

use super::{Admission, Bulkhead, KeyedBulkhead, Pool, Ticket};
use crate::call::Rejection;
use crate::gate::{Lane, Waitroom};

/// What a layer keeps its calls in.
#[derive(Debug)]
pub(super) enum Kind {
    Semaphore(Bulkhead),
    Pool(Pool),
    Keyed(KeyedBulkhead),
}

/// Compartments and those whose turn it is.
pub(super) struct Compartments {
    kind: Kind,
    turns: VecDeque<(Lane, Ticket)>,
}

impl fmt::Debug for Compartments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl Compartments {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, turns: VecDeque::new() }
    }

    pub(super) fn on_call(&mut self, now: impl FnOnce() -> Time, key: u64) -> (Lane, Admission) {
        match &mut self.kind {
            Kind::Semaphore(core) => (0, core.on_call()),
            Kind::Pool(core) => (0, core.on_call(now())),
            Kind::Keyed(core) => core.on_call(key),
        }
    }

    pub(super) fn in_flight(&self) -> u32 {
        match &self.kind {
            Kind::Semaphore(core) => core.in_flight(),
            Kind::Pool(core) => core.in_flight(),
            Kind::Keyed(core) => core.in_flight(),
        }
    }

    pub(super) fn waiting(&self) -> u32 {
        match &self.kind {
            Kind::Semaphore(core) => core.waiting(),
            Kind::Pool(core) => core.waiting(),
            Kind::Keyed(core) => core.waiting(),
        }
    }
}

impl Waitroom for Compartments {
    fn on_released(&mut self, now: impl FnOnce() -> Time, lane: Lane) {
        let next = match &mut self.kind {
            Kind::Semaphore(core) => core.on_released(),
            Kind::Pool(core) => core.on_released(now()),
            Kind::Keyed(core) => core.on_released(lane),
        };
        self.turns.extend(next.map(|ticket| (lane, ticket)));
    }

    fn on_left(&mut self, now: Time, lane: Lane, ticket: Ticket) {
        let next = match &mut self.kind {
            Kind::Semaphore(core) => core.on_left(ticket),
            Kind::Pool(core) => core.on_left(now, ticket),
            Kind::Keyed(core) => core.on_left(lane, ticket),
        };
        self.turns.extend(next.map(|ticket| (lane, ticket)));
    }

    fn on_polled(&mut self, lane: Lane, ticket: Ticket) -> Option<Result<(), Rejection>> {
        let claimed = match &mut self.kind {
            Kind::Semaphore(core) => core.on_claimed(ticket),
            Kind::Pool(core) => core.on_claimed(ticket),
            Kind::Keyed(core) => core.on_claimed(lane, ticket),
        };
        claimed.then_some(Ok(()))
    }

    fn poll_over(&mut self) -> Option<(Lane, Ticket)> {
        self.turns.pop_front()
    }
}
