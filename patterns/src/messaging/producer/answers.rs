use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::accumulator::Accumulator;
use super::identity::Identity;
use super::parcel::Parcel;
use crate::messaging::{Acks, BrokerError, ProducerIdentity, Receipt, Sequence};

/// What the broker says, and what comes of it.
impl<W> Accumulator<W> {
    /// What came of a batch.
    pub fn on_answer(
        &mut self,
        now: Time,
        flight: u64,
        answer: Result<Receipt, BrokerError>,
        stream: &mut Stream,
    ) {
        let Some((place, parcel)) = self.flights.remove(flight) else { return };
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
        self.counts.duplicates += u64::from(receipt.duplicates);
        let ends = parcel.accepted(to, self.config.acks, receipt);
        ends.for_each(|(waiter, fate)| self.end(waiter, fate));
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
        self.live.remove(parcel.order);
        for part in parcel.split() {
            self.live.insert(part.order, ());
            self.lanes[place].put_back(part);
        }
    }

    /// It is not sent again. What follows it under the same identity would wait for it without end.
    pub(super) fn give_up(&mut self, place: usize, parcel: Parcel<W>, is_refused: bool) {
        self.forget(&parcel);
        let lane = &mut self.lanes[place];
        if let Some(numbered) = parcel.numbered {
            match parcel.doubtful || lane.is_followed(parcel.order) {
                true => self.renew(),
                false => lane.next = numbered.first,
            }
        }
        parcel.given_up(is_refused).for_each(|(waiter, fate)| self.end(waiter, fate));
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
        let flown = self.flights.drain().map(|(_, mut parcel)| {
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
            parcel.given_up(true).for_each(|(waiter, fate)| self.end(waiter, fate));
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

    fn forget(&mut self, parcel: &Parcel<W>) {
        self.bytes -= parcel.bytes;
        self.live.remove(parcel.order);
    }
}
