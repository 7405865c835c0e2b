use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::config::ProducerConfig;
use super::fate::{Fate, ProducerCounts};
use super::lane::{Lane, Traffic};
use super::parcel::{Order, Parcel};
use crate::messaging::{
    Acks, Batch, BrokerError, Message, Partition, ProducerIdentity, Receipt, Sequence,
    TransactionalId,
};

/// How long a broker certainly knows an identity. In Kafka it is 24 h, or what its settings say.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// What a producer has taken and has not got rid of.
///
/// It is told what happens, and asked what to do ([`poll`](Self::poll)) and when
/// ([`next_deadline`](Self::next_deadline)). `W` is whatever is given back with the end of a message.
#[derive(Debug)]
pub struct Accumulator<W> {
    config: ProducerConfig,
    lanes: Vec<Lane<W>>,
    places: BTreeMap<Partition, usize>,
    /// The lanes that have something to do, by when.
    schedule: BTreeSet<(Time, usize)>,
    flights: BTreeMap<u64, (usize, Parcel<W>)>,
    /// The orders of all parcels that have not ended.
    live: BTreeSet<Order>,
    next_order: u64,
    bytes: usize,
    identity: Identity,
    /// Those in the queues that may have happened.
    doubts: usize,
    /// What is of an order below this waits for nobody.
    flushed: u64,
    ends: VecDeque<(W, Fate)>,
    counts: ProducerCounts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Identity {
    /// Nothing is numbered.
    Unused,
    /// The broker is to be asked.
    Wanted(Time, u32),
    /// The broker is being asked.
    Asked(u32),
    Known(ProducerIdentity),
    /// Something was given up that others followed: when nothing is in doubt any more, all that is left is
    /// numbered anew.
    Broken(ProducerIdentity),
}

/// What a producer has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Publish this, and tell [`on_answer`](Accumulator::on_answer) by its number what came of it. An answer that
    /// has not come until then is [`Unknown`](BrokerError::Unknown).
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
            schedule: BTreeSet::new(),
            flights: BTreeMap::new(),
            live: BTreeSet::new(),
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
            self.live.insert(order);
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
        if let Some(place) = self.places.get(&to) {
            return *place;
        }
        self.places.insert(to.clone(), self.lanes.len());
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
    fn look_again(&mut self, place: usize) {
        let due = self.lanes[place].next_due(&self.traffic());
        let lane = &mut self.lanes[place];
        if due == lane.due {
            return;
        }
        self.schedule.remove(&(lane.due, place));
        lane.due = due;
        if due < Time::MAX {
            self.schedule.insert((due, place));
        }
    }

    fn look_at_all_again(&mut self) {
        (0..self.lanes.len()).for_each(|place| self.look_again(place));
    }

    /// The next thing to do.
    pub fn poll(&mut self, now: Time) -> Option<Action> {
        loop {
            if let Some(action) = self.identify(now) {
                return Some(action);
            }
            let (due, place) = *self.schedule.first()?;
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
            Identity::Wanted(at, tries) if at <= now && !self.live.is_empty() => tries,
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

    /// What came of a batch.
    pub fn on_answer(
        &mut self,
        now: Time,
        flight: u64,
        answer: Result<Receipt, BrokerError>,
        stream: &mut Stream,
    ) {
        let Some((place, parcel)) = self.flights.remove(&flight) else { return };
        self.lanes[place].land(parcel.order);
        match answer {
            Ok(receipt) => self.accepted(now, place, parcel, receipt),
            Err(BrokerError::Fenced) => self.fenced(parcel),
            Err(error) => self.failed(now, place, parcel, error, stream),
        }
        self.look_again(place);
    }

    fn accepted(&mut self, now: Time, place: usize, parcel: Parcel<W>, receipt: Receipt) {
        self.forget(&parcel);
        let lane = &mut self.lanes[place];
        (lane.rest, lane.taken, lane.is_known) = (Time::ZERO, now, true);
        let to = lane.partition.clone();
        let ends: Vec<_> =
            parcel.accepted(&to, self.config.acks, receipt, &mut self.counts).collect();
        ends.into_iter().for_each(|(waiter, fate)| self.end(waiter, fate));
    }

    fn failed(
        &mut self,
        now: Time,
        place: usize,
        mut parcel: Parcel<W>,
        error: BrokerError,
        stream: &mut Stream,
    ) {
        if let (Some(_), BrokerError::OutOfSequence { expected }) = (parcel.numbered, &error) {
            return match parcel.is_before(*expected) {
                true => self.accepted(now, place, parcel, Receipt::default()),
                false => self.out_of_sequence(place, parcel),
            };
        }
        // Without acknowledgements, what is lost is lost; sent again, it might be there twice.
        let is_final = self.config.acks == Acks::None && !error.is_nothing();
        let (is_passing, is_split) = (
            error.is_passing() && !is_final,
            error == BrokerError::TooLarge && parcel.messages.len() > 1,
        );
        parcel.failed(error);
        if is_split {
            self.split(place, parcel);
            return;
        }
        let rest = self.config.backoff.delay(parcel.tries - 1, parcel.rested, stream);
        if !is_passing || now + rest >= parcel.deadline {
            self.give_up(place, parcel, !is_passing);
            return;
        }
        parcel.rested = rest;
        let lane = &mut self.lanes[place];
        lane.rest = lane.rest.max(now + rest);
        self.put_back(place, parcel);
    }

    fn put_back(&mut self, place: usize, parcel: Parcel<W>) {
        self.doubts += usize::from(parcel.doubtful);
        self.lanes[place].put_back(parcel);
    }

    /// The broker has it not, and what is before it neither.
    fn out_of_sequence(&mut self, place: usize, mut parcel: Parcel<W>) {
        parcel.doubtful = false;
        let is_first = !self.lanes[place].waits_for_another(parcel.order);
        self.put_back(place, parcel);
        if is_first {
            self.renew();
        }
    }

    /// One message is too large, and the others need not suffer for it.
    fn split(&mut self, place: usize, parcel: Parcel<W>) {
        self.live.remove(&parcel.order);
        for part in parcel.split() {
            self.live.insert(part.order);
            self.lanes[place].put_back(part);
        }
    }

    /// It is not sent again. What follows it under the same identity would wait for it without end.
    fn give_up(&mut self, place: usize, parcel: Parcel<W>, is_refused: bool) {
        self.forget(&parcel);
        let lane = &mut self.lanes[place];
        if let Some(numbered) = parcel.numbered {
            match parcel.doubtful || lane.is_followed(parcel.order) {
                true => self.renew(),
                false => lane.next = numbered.first,
            }
        }
        let ends: Vec<_> = parcel.given_up(is_refused).collect();
        ends.into_iter().for_each(|(waiter, fate)| self.end(waiter, fate));
    }

    fn renew(&mut self) {
        if let Identity::Known(identity) = self.identity {
            self.identity = Identity::Broken(identity);
            self.look_at_all_again();
        }
    }

    /// Somebody of the same name has taken over: nothing of this one will be published.
    fn fenced(&mut self, mut parcel: Parcel<W>) {
        parcel.failed(BrokerError::Fenced);
        self.fail_all(&BrokerError::Fenced, Some(parcel));
    }

    fn fail_all(&mut self, error: &BrokerError, first: Option<Parcel<W>>) {
        let flights = std::mem::take(&mut self.flights).into_values();
        let flown = flights.map(|(_, mut parcel)| {
            // Of these nobody has heard yet.
            parcel.failed(BrokerError::Unknown(error.to_string()));
            parcel
        });
        let queued = self.lanes.iter_mut().flat_map(|lane| {
            lane.flying.clear();
            lane.queue.drain(..).chain(lane.open.take())
        });
        let queued = queued.map(|mut parcel| {
            parcel.failed(error.clone());
            parcel
        });
        let mut all: Vec<_> = first.into_iter().chain(flown).chain(queued).collect();
        all.sort_by_key(|parcel| parcel.order);
        self.doubts = 0;
        for parcel in all {
            self.forget(&parcel);
            let ends: Vec<_> = parcel.given_up(true).collect();
            ends.into_iter().for_each(|(waiter, fate)| self.end(waiter, fate));
        }
        self.look_at_all_again();
    }

    /// What came of asking for an identity.
    pub fn on_identity(
        &mut self,
        now: Time,
        answer: Result<ProducerIdentity, BrokerError>,
        stream: &mut Stream,
    ) {
        let Identity::Asked(tries) = self.identity else { return };
        match answer {
            Ok(identity) => {
                self.identity = Identity::Known(identity);
                for lane in &mut self.lanes {
                    (lane.next, lane.is_known) = (Sequence::ZERO, false);
                    lane.queue.iter_mut().for_each(|parcel| parcel.numbered = None);
                }
            }
            Err(error) if error.is_passing() => {
                let rest = self.config.backoff.delay(tries, Duration::ZERO, stream);
                self.identity = Identity::Wanted(now + rest, tries + 1);
            }
            Err(error) => {
                self.identity = Identity::Wanted(now, 0);
                self.fail_all(&error, None);
            }
        }
        self.look_at_all_again();
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
        self.live.first().is_none_or(|(order, _)| *order >= flush)
    }

    fn forget(&mut self, parcel: &Parcel<W>) {
        self.bytes -= parcel.bytes;
        self.live.remove(&parcel.order);
    }

    fn end(&mut self, waiter: W, fate: Fate) {
        self.counts.count(&fate);
        self.ends.push_back((waiter, fate));
    }

    /// The next message that has ended.
    pub fn poll_end(&mut self) -> Option<(W, Fate)> {
        self.ends.pop_front()
    }

    /// When there is something to do, if nothing happens before.
    pub fn next_deadline(&self) -> Time {
        let lanes = self.schedule.first().map_or(Time::MAX, |(due, _)| *due);
        match self.identity {
            Identity::Wanted(at, _) if !self.live.is_empty() => lanes.min(at),
            _ => lanes,
        }
    }

    /// How the messages ended so far.
    pub fn counts(&self) -> ProducerCounts {
        self.counts
    }
}
