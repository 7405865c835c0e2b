use std::task::{Poll, Waker};

use super::state::State;
use crate::messaging::error::BrokerError;
use crate::messaging::feed::Fed;
use crate::messaging::partition::Now;
use crate::messaging::sharing::Sharing;

type Told = Poll<Option<Result<Fed, BrokerError>>>;

impl State {
    /// The next that a feed tells, and otherwise whom to wake.
    pub(super) fn poll_feed(&mut self, now: Now, id: u64, waker: &Waker) -> Told {
        self.beat(now, id);
        let failed = self.failed.clone();
        let is_active = self.is_active(id);
        let Some(subscriber) = self.subscribers.get_mut(&id) else { return Poll::Ready(None) };
        if subscriber.ended {
            return Poll::Ready(None);
        }
        if let Some(event) = subscriber.events.pop_front().or_else(|| failed.map(Err)) {
            subscriber.ended = event.is_err();
            return Poll::Ready(Some(event));
        }
        if let Some((place, after, _)) = subscriber.held.front()
            && let Some(hosted) = self.hosted.get(place)
            && hosted.core.is_durable(*after)
            && let Some((.., delivery)) = subscriber.held.pop_front()
        {
            return Poll::Ready(Some(Ok(Fed::Delivery(delivery))));
        }
        if subscriber.drains && subscriber.in_flight == 0 && subscriber.held.is_empty() {
            subscriber.ended = true;
            return Poll::Ready(None);
        }
        let mut looked_at = std::mem::take(&mut self.looked_at);
        let fetched = match subscriber.has_credit() && is_active {
            true => subscriber.fetch(now, &mut self.hosted, &mut looked_at),
            false => None,
        };
        looked_at.drain(..).for_each(|place| self.touch(place));
        self.looked_at = looked_at;
        if let Some((place, after, delivery)) = fetched {
            if after == 0 {
                return Poll::Ready(Some(Ok(Fed::Delivery(delivery))));
            }
            if let Some(subscriber) = self.subscribers.get_mut(&id) {
                subscriber.held.push_back((place, after, delivery));
            }
        }
        if let Some(subscriber) = self.subscribers.get_mut(&id) {
            subscriber.waker = Some(waker.clone());
        }
        Poll::Pending
    }

    /// Of exclusive ones, the first that came and is still there.
    fn is_active(&self, id: u64) -> bool {
        let Some(own) = self.subscribers.get(&id) else { return false };
        if own.subscription.sharing != Sharing::Exclusive {
            return true;
        }
        let mut earlier = self.subscribers.range(..id).map(|(_, other)| other);
        !earlier.any(|other| {
            let is_same = other.subscription.group == own.subscription.group;
            let topics = &other.subscription.topics;
            is_same && !other.drains && topics.iter().any(|it| own.subscription.topics.contains(it))
        })
    }

    /// A feed is gone: what it had is ready for others.
    pub(super) fn close_feed(&mut self, now: Now, id: u64) {
        let Some(subscriber) = self.subscribers.remove(&id) else { return };
        for seat in subscriber.seats {
            if let Some(core) = self.core(seat.place) {
                core.detach(now, seat.reader, subscriber.consumer);
            }
            if let Some(hosted) = self.hosted.get_mut(&seat.place) {
                hosted.feeds.retain(|other| *other != id);
            }
        }
        if let Some(who) = subscriber.member {
            self.leave_group(now, &subscriber.subscription.group, &who, id);
        }
    }

    /// No more is delivered to a feed.
    pub(super) fn drain_feed(&mut self, id: u64) {
        let Some(subscriber) = self.subscribers.get_mut(&id) else { return };
        subscriber.drains = true;
        self.wakers.extend(subscriber.waker.take());
        // Somebody else may be the active one now.
        let places: Vec<_> = subscriber.seats.iter().map(|seat| seat.place).collect();
        places.into_iter().for_each(|place| self.touch(place));
    }

    pub(super) fn set_credit(&mut self, id: u64, credit: u32) {
        if let Some(subscriber) = self.subscribers.get_mut(&id) {
            subscriber.credit = credit;
            self.wakers.extend(subscriber.waker.take());
        }
    }
}
