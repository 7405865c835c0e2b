use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use cascadia_runtime::Time;

use crate::messaging::delivery::{Delivery, Source};
use crate::messaging::error::BrokerError;
use crate::messaging::feed::Fed;
use crate::messaging::group::Who;
use crate::messaging::partition::{ConsumerId, Now, PartitionCore, ReaderId};
use crate::messaging::subscription::Subscription;

/// A partition and who reads it.
#[derive(Debug)]
pub(super) struct Hosted {
    pub(super) core: PartitionCore,
    /// The feeds that have a seat here.
    pub(super) feeds: Vec<u64>,
    /// When it has something to do by itself, as it is noted.
    pub(super) due: Time,
}

/// A place at a partition, of a feed.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) place: usize,
    pub(super) reader: ReaderId,
    pub(super) source: Arc<Source>,
}

/// A feed, as the broker sees it.
#[derive(Debug)]
pub(super) struct Subscriber {
    pub(super) subscription: Subscription,
    pub(super) consumer: ConsumerId,
    /// Of a group that assigns partitions.
    pub(super) member: Option<Who>,
    pub(super) seats: Vec<Seat>,
    /// The seat that is asked first.
    pub(super) turn: usize,
    pub(super) in_flight: u32,
    pub(super) credit: u32,
    pub(super) drains: bool,
    /// Whether it has told its last.
    pub(super) ended: bool,
    pub(super) events: VecDeque<Result<Fed, BrokerError>>,
    /// Deliveries that are told when an entry of a partition is durable.
    pub(super) held: VecDeque<(usize, u64, Delivery)>,
    pub(super) waker: Option<Waker>,
}

impl Subscriber {
    pub(super) fn new(id: u64, subscription: Subscription, seats: Vec<Seat>) -> Self {
        Self {
            consumer: ConsumerId(id),
            credit: subscription.prefetch,
            subscription,
            member: None,
            seats,
            turn: 0,
            in_flight: 0,
            drains: false,
            ended: false,
            events: VecDeque::new(),
            held: VecDeque::new(),
            waker: None,
        }
    }

    pub(super) fn has_credit(&self) -> bool {
        !self.drains && self.in_flight < self.credit
    }

    /// Fetches the next message of any of its partitions. Those that had something, if only for the dead, are told.
    pub(super) fn fetch(
        &mut self,
        now: Now,
        hosted: &mut BTreeMap<usize, Hosted>,
        looked_at: &mut Vec<usize>,
    ) -> Option<(usize, u64, Delivery)> {
        for step in 0..self.seats.len() {
            let turn = (self.turn + step) % self.seats.len();
            let seat = &self.seats[turn];
            let Some(hosted) = hosted.get_mut(&seat.place) else {
                continue;
            };
            if !hosted.core.is_ready(seat.reader) {
                continue;
            }
            looked_at.push(seat.place);
            if let Some(handed) = hosted.core.deliver(now, seat.reader, self.consumer) {
                self.turn = (turn + 1) % self.seats.len();
                self.in_flight += 1;
                let source = Arc::clone(&seat.source);
                return Some((seat.place, handed.after, handed.from(source)));
            }
        }
        None
    }
}
