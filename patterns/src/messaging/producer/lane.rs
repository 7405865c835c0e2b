use std::collections::VecDeque;
use std::time::Duration;

use cascadia_runtime::Time;

use super::parcel::{Order, Parcel};
use crate::messaging::{Partition, Sequence};

/// What goes to one partition.
#[derive(Debug)]
pub(super) struct Lane<W> {
    pub(super) partition: Partition,
    /// The parcel that is being filled.
    pub(super) open: Option<Parcel<W>>,
    /// Those to be sent, in their order; none of them is under way.
    pub(super) queue: VecDeque<Parcel<W>>,
    /// Those under way, sorted, with how many were sent before each.
    pub(super) flying: Vec<(Order, u64)>,
    /// How many were sent.
    sent: u64,
    /// The next number of an identity.
    pub(super) next: Sequence,
    /// The broker knows the identity here. Of one that it does not know it takes any number for the first, so nothing may
    /// overtake that one.
    pub(super) is_known: bool,
    /// When the broker last took something.
    pub(super) taken: Time,
    /// Until when it rests after a failure.
    pub(super) rest: Time,
    /// When it is to be looked at next, as the schedule has it.
    pub(super) due: Time,
}

/// What all lanes have to go by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traffic {
    pub(super) in_flight: u32,
    pub(super) linger: Duration,
    /// What is of an order below this waits for nobody.
    pub(super) flushed: u64,
    /// Batches have numbers.
    pub(super) is_numbered: bool,
    /// There is no identity to number anything by.
    pub(super) is_held: bool,
    /// The identity is to be renewed: only what may have happened is sent, to learn whether it has.
    pub(super) is_renewing: bool,
}

impl<W> Lane<W> {
    pub(super) fn new(partition: Partition) -> Self {
        Self {
            partition,
            open: None,
            queue: VecDeque::new(),
            flying: Vec::new(),
            sent: 0,
            next: Sequence::ZERO,
            is_known: false,
            taken: Time::ZERO,
            rest: Time::ZERO,
            due: Time::MAX,
        }
    }

    /// When the open parcel is to be closed.
    fn closes(&self, traffic: &Traffic) -> Time {
        let open = self.open.as_ref();
        open.map_or(Time::MAX, |it| {
            if it.order.0 < traffic.flushed { it.opened } else { it.opened + traffic.linger }
        })
    }

    /// Which of the parcels may be sent, but for the rest.
    fn sendable(&self, traffic: &Traffic) -> Option<usize> {
        let most = if self.is_known || !traffic.is_numbered { traffic.in_flight } else { 1 };
        let place = match traffic.is_renewing {
            true => self.queue.iter().position(|parcel| parcel.doubtful)?,
            false => 0,
        };
        // A broker knows the last few again: none may be that far behind.
        let next = self.queue.get(place)?.place.unwrap_or(self.sent);
        let oldest = self.flying.iter().map(|(_, place)| *place).min().unwrap_or(next);
        let has_room = (self.flying.len() as u32) < most
            && next.saturating_sub(oldest) < u64::from(traffic.in_flight);
        (has_room && !traffic.is_held).then_some(place)
    }

    /// When there is something to do.
    pub(super) fn next_due(&self, traffic: &Traffic) -> Time {
        let expires = self.queue.front().map_or(Time::MAX, |parcel| parcel.deadline);
        let sends = self.sendable(traffic).map_or(Time::MAX, |_| self.rest);
        self.closes(traffic).min(expires).min(sends)
    }

    /// Whether nothing is in it.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_none() && self.queue.is_empty() && self.flying.is_empty()
    }

    /// Closes the open parcel if its time has come.
    pub(super) fn close_open(&mut self, now: Time, traffic: &Traffic) {
        if self.closes(traffic) <= now {
            self.queue.extend(self.open.take());
        }
    }

    /// The next one to be sent.
    pub(super) fn take(&mut self, now: Time, traffic: &Traffic) -> Option<Parcel<W>> {
        let place = self.sendable(traffic).filter(|_| self.rest <= now)?;
        let mut parcel = self.queue.remove(place)?;
        let sent = *parcel.place.get_or_insert(self.sent);
        self.sent = self.sent.max(sent + 1);
        let at = self.flying.partition_point(|(order, _)| *order < parcel.order);
        self.flying.insert(at, (parcel.order, sent));
        Some(parcel)
    }

    /// One is under way no more.
    pub(super) fn land(&mut self, order: Order) {
        self.flying.retain(|(other, _)| *other != order);
    }

    /// Puts one back where it was.
    pub(super) fn put_back(&mut self, parcel: Parcel<W>) {
        let at = self.queue.partition_point(|other| other.order < parcel.order);
        self.queue.insert(at, parcel);
    }

    /// Whether one before this has not ended.
    pub(super) fn waits_for_another(&self, order: Order) -> bool {
        let flies = self.flying.first().is_some_and(|(first, _)| *first < order);
        flies || self.queue.front().is_some_and(|front| front.order < order)
    }

    /// Whether one after this has a number.
    pub(super) fn is_followed(&self, order: Order) -> bool {
        let flies = self.flying.last().is_some_and(|(last, _)| *last > order);
        flies || self.queue.iter().any(|it| it.order > order && it.numbered.is_some())
    }

    /// The first of those to be sent, if its time is over.
    pub(super) fn expired(&mut self, now: Time) -> Option<Parcel<W>> {
        let is_over = self.queue.front().is_some_and(|front| front.deadline <= now);
        if is_over { self.queue.pop_front() } else { None }
    }
}
