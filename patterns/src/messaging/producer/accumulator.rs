use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;

use super::config::ProducerConfig;
use super::fate::{Fate, ProducerCounts};
use super::identity::Identity;
use super::lane::{Lane, Traffic};
use super::parcel::{Order, Parcel};
use crate::in_order::InOrder;
use crate::line::Line;
use crate::messaging::{Batch, Message, Partition, Topic, TransactionalId};

/// How long a broker certainly knows an identity. In Kafka it is 24 h, or what its settings say.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// What a producer has taken and has not got rid of.
///
/// It is told what happens, and asked what to do ([`poll`](Self::poll)) and when
/// ([`next_deadline`](Self::next_deadline)). `W` is whatever is given back with the end of a message.
#[derive(Debug)]
pub struct Accumulator<W> {
    pub(super) config: ProducerConfig,
    pub(super) lanes: Vec<Lane<W>>,
    /// Which lane each partition of a topic has, if any.
    places: BTreeMap<Topic, Vec<Option<usize>>>,
    /// The lanes that have something to do, by when.
    schedule: InOrder<(Time, usize), ()>,
    pub(super) flights: Line<(usize, Parcel<W>)>,
    /// The orders of all parcels that have not ended.
    pub(super) live: InOrder<Order, ()>,
    next_order: u64,
    pub(super) bytes: usize,
    pub(super) identity: Identity,
    /// Those in the queues that may have happened.
    pub(super) doubts: usize,
    /// What is of an order below this waits for nobody.
    flushed: u64,
    ends: VecDeque<(W, Fate)>,
    pub(super) counts: ProducerCounts,
}

/// What a producer has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Publish this, and tell [`on_answer`](Accumulator::on_answer) by its number what came of it. An answer that
    /// has not come until then is [`Unknown`](crate::messaging::BrokerError::Unknown).
    Publish(u64, Batch, Time),
    /// Ask the broker for an identity, and tell [`on_identity`](Accumulator::on_identity).
    Identify(Option<TransactionalId>),
}

impl<W> Accumulator<W> {
    /// An empty one.
    pub fn new(config: ProducerConfig) -> Self {
        let identity =
            if config.idempotent { Identity::Wanted(Time::ZERO, 0) } else { Identity::Unused };
        Self {
            config,
            lanes: Vec::new(),
            places: BTreeMap::new(),
            schedule: InOrder::default(),
            flights: Line::default(),
            live: InOrder::default(),
            next_order: 0,
            bytes: 0,
            identity,
            doubts: 0,
            flushed: 0,
            ends: VecDeque::new(),
            counts: ProducerCounts::default(),
        }
    }

    /// Whether there is room for a message of this size. An empty buffer has room for any.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.bytes == 0 || self.bytes + bytes <= self.config.buffer_bytes
    }

    /// Takes a message. Its end will be told. Whether that was the last one of its batch.
    pub fn offer(&mut self, now: Time, to: Partition, message: Arc<Message>, waiter: W) -> bool {
        self.counts.offered += 1;
        let (size, most) = (message.size(), self.config.batch_bytes);
        self.bytes += size;
        let place = self.lane(to);
        let lane = &mut self.lanes[place];
        // The broker forgets an identity that it has not heard of for long.
        lane.is_known &= !lane.is_idle() || now.since(lane.taken) < REMEMBERED;
        if lane.open.as_ref().is_some_and(|open| open.bytes + size > most) {
            lane.queue.extend(lane.open.take());
        }
        if lane.open.is_none() {
            let order = (self.next_order, 0);
            lane.open = Some(Parcel::new(order, now, self.config.delivery_timeout));
            self.live.insert(order, ());
            self.next_order += 1;
        }
        let open = lane.open.as_mut().expect("it was opened");
        open.add(message, waiter);
        let is_full = open.bytes >= most;
        if is_full {
            lane.queue.extend(lane.open.take());
        }
        self.look_again(place);
        is_full
    }

    /// Ends a message that it has not taken.
    pub fn refuse(&mut self, waiter: W, fate: Fate) {
        self.counts.offered += 1;
        self.end(waiter, fate);
    }

    fn lane(&mut self, to: Partition) -> usize {
        let number = to.number as usize;
        if let Some(place) = self.places.get(&to.topic).and_then(|places| *places.get(number)?) {
            return place;
        }
        let places = self.places.entry(to.topic.clone()).or_default();
        places.resize(places.len().max(number + 1), None);
        places[number] = Some(self.lanes.len());
        self.lanes.push(Lane::new(to));
        self.lanes.len() - 1
    }

    fn traffic(&self) -> Traffic {
        Traffic {
            in_flight: self.config.in_flight,
            linger: self.config.linger,
            flushed: self.flushed,
            is_numbered: self.identity != Identity::Unused,
            is_held: matches!(self.identity, Identity::Wanted(..) | Identity::Asked(_)),
            is_renewing: matches!(self.identity, Identity::Broken(_)),
        }
    }

    /// Sets when a lane is looked at next.
    pub(super) fn look_again(&mut self, place: usize) {
        let due = self.lanes[place].next_due(&self.traffic());
        let lane = &mut self.lanes[place];
        if due == lane.due {
            return;
        }
        self.schedule.remove((lane.due, place));
        lane.due = due;
        if due < Time::MAX {
            self.schedule.insert((due, place), ());
        }
    }

    pub(super) fn look_at_all_again(&mut self) {
        (0..self.lanes.len()).for_each(|place| self.look_again(place));
    }

    /// The next thing to do.
    pub fn poll(&mut self, now: Time) -> Option<Action> {
        loop {
            if let Some(action) = self.identify(now) {
                return Some(action);
            }
            let ((due, place), ()) = self.schedule.first()?;
            if due > now {
                return None;
            }
            let action = self.serve(now, place);
            self.look_again(place);
            if action.is_some() {
                return action;
            }
        }
    }

    fn identify(&mut self, now: Time) -> Option<Action> {
        let tries = match self.identity {
            Identity::Wanted(at, tries) if at <= now && self.live.first().is_some() => tries,
            Identity::Broken(_) if self.flights.is_empty() && self.doubts == 0 => 0,
            _ => return None,
        };
        self.identity = Identity::Asked(tries);
        self.counts.identified += 1;
        self.look_at_all_again();
        Some(Action::Identify(self.config.name.clone()))
    }

    fn serve(&mut self, now: Time, place: usize) -> Option<Action> {
        let traffic = self.traffic();
        self.lanes[place].close_open(now, &traffic);
        while let Some(parcel) = self.lanes[place].expired(now) {
            self.doubts -= usize::from(parcel.doubtful);
            self.give_up(place, parcel, false);
        }
        let traffic = self.traffic();
        let lane = &mut self.lanes[place];
        let mut parcel = lane.take(now, &traffic)?;
        self.doubts -= usize::from(parcel.doubtful);
        if let (Identity::Known(identity), None) = (self.identity, parcel.numbered) {
            parcel.number(identity, lane.next);
            lane.next = parcel.after().unwrap_or_default();
        }
        self.counts.sent += 1;
        self.counts.retried += u64::from(parcel.tries > 0);
        let batch = parcel.batch(lane.partition.clone(), self.config.acks);
        let until = parcel.deadline.min(now + self.config.request_timeout);
        let flight = self.counts.sent;
        self.flights.insert(flight, (place, parcel));
        Some(Action::Publish(flight, batch, until))
    }

    /// Lets nothing wait for company any more, until all that was taken so far has ended: then
    /// [`has_ended`](Self::has_ended) is true of what this returns.
    pub fn flush(&mut self) -> u64 {
        self.flushed = self.next_order;
        self.look_at_all_again();
        self.flushed
    }

    /// Whether all that was taken before a [`flush`](Self::flush) has ended.
    pub fn has_ended(&self, flush: u64) -> bool {
        self.live.first().is_none_or(|((order, _), ())| order >= flush)
    }

    pub(super) fn end(&mut self, waiter: W, fate: Fate) {
        self.counts.count(&fate);
        self.ends.push_back((waiter, fate));
    }

    /// The next message that has ended.
    pub fn poll_end(&mut self) -> Option<(W, Fate)> {
        self.ends.pop_front()
    }

    /// When there is something to do, if nothing happens before.
    pub fn next_deadline(&self) -> Time {
        let lanes = self.schedule.first().map_or(Time::MAX, |((due, _), ())| due);
        match self.identity {
            Identity::Wanted(at, _) if self.live.first().is_some() => lanes.min(at),
            _ => lanes,
        }
    }

    /// How the messages ended so far.
    pub fn counts(&self) -> ProducerCounts {
        self.counts
    }
}
