use super::state::State;
use crate::messaging::error::BrokerError;
use crate::messaging::feed::Fed;
use crate::messaging::partition::{ConsumerId, ReaderId};

impl State {
    pub(super) fn freed(&mut self, consumer: ConsumerId) {
        if let Some(subscriber) = self.subscribers.get_mut(&consumer.0) {
            subscriber.in_flight -= 1;
            self.wakers.extend(subscriber.waker.take());
        }
    }

    /// Tells all feeds of a group at a partition.
    pub(super) fn tell(
        &mut self,
        place: usize,
        reader: ReaderId,
        what: impl Fn() -> Result<Fed, BrokerError>,
    ) {
        let Some(hosted) = self.hosted.get(&place) else { return };
        for id in &hosted.feeds {
            if let Some(subscriber) = self.subscribers.get_mut(id)
                && subscriber.seats.iter().any(|seat| (seat.place, seat.reader) == (place, reader))
            {
                subscriber.events.push_back(what());
                self.wakers.extend(subscriber.waker.take());
            }
        }
    }

    /// Wakes all that could be delivered something: one that is woken may not come for it.
    pub(super) fn wake_readers(&mut self, place: usize) {
        let Some(hosted) = self.hosted.get_mut(&place) else { return };
        for id in &hosted.feeds {
            let Some(subscriber) = self.subscribers.get_mut(id) else { continue };
            if subscriber.waker.is_none() {
                continue;
            }
            let is_due =
                |(at, after, _): &(usize, u64, _)| *at == place && hosted.core.is_durable(*after);
            let is_held = subscriber.held.front().is_some_and(is_due);
            let seat = subscriber.seats.iter().find(|seat| seat.place == place);
            let reader = seat.map(|seat| seat.reader).filter(|_| subscriber.has_credit());
            if is_held || reader.is_some_and(|reader| hosted.core.is_ready(reader)) {
                self.wakers.extend(subscriber.waker.take());
            }
        }
    }
}
