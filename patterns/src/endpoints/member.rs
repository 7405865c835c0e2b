use std::sync::Arc;

use cascadia_runtime::Time;

use super::{Candidate, EndpointKey, Way};
use crate::call::Status;

/// What is remembered of an endpoint that may be chosen, besides what rules look at.
#[derive(Debug)]
pub(super) struct Member<W> {
    pub(super) way: W,
    pub(super) labels: Arc<[(String, String)]>,
    /// It rested when it was last asked, or said so in an answer. The others are asked when they
    /// are chosen.
    pub(super) rests: bool,
    /// Until when it rests at least, by an answer that it gave.
    pub(super) told: Time,
    pub(super) ejected: bool,
}

impl<W> Member<W> {
    /// Nothing speaks against it.
    pub(super) fn is_well(&self) -> bool {
        !self.rests && !self.ejected
    }
}

impl<W: Way> Member<W> {
    /// Whether it rests, and when it is back.
    pub(super) fn back(&self, now: Time) -> (bool, Time) {
        match self.way.status(now) {
            Status::Ready => (self.told > now, self.told),
            Status::Rests { until } => (true, until.max(self.told)),
        }
    }
}

/// An endpoint that gets no more calls.
#[derive(Debug)]
pub(super) struct Leaving {
    pub(super) candidate: Candidate,
    /// It is forgotten with its last call.
    pub(super) left: bool,
}

impl Leaving {
    pub(super) fn is_over(&self) -> bool {
        self.left && self.candidate.outstanding == 0
    }
}

/// Where a call under way is booked.
///
/// The position is where its endpoint was when the call began. It is a hint: the key decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booking {
    pub(super) endpoint: EndpointKey,
    pub(super) position: usize,
}

impl Booking {
    /// Where the call goes.
    #[inline]
    pub fn endpoint(self) -> EndpointKey {
        self.endpoint
    }
}
