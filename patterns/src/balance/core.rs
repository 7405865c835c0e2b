use std::fmt;

use cascadia_runtime::{Stream, Time};

use crate::call::{Key, Tried};
use crate::endpoints::{Booking, Candidate, EndpointKey, EndpointSet, Way};

/// A rule that chooses among endpoints.
pub trait Balancer: fmt::Debug + Send {
    /// The position among `candidates` of the endpoint to use; `None` only where there is none. They
    /// come in the order of their keys, and those that are not to be chosen now are missing.
    fn pick(&mut self, candidates: &[Candidate], call: &mut Asked<'_>) -> Option<usize>;
}

/// What a rule may go by besides the endpoints.
#[derive(Debug)]
pub struct Asked<'a> {
    /// When the call comes.
    pub now: Time,
    /// What the caller knows the request by, if it does.
    pub key: Option<&'a Key>,
    /// The randomness of the balancer.
    pub stream: &'a mut Stream,
}

/// A balancer, which chooses among the endpoints of a set.
///
/// An endpoint whose breaker is open refuses at once, so it has nothing under way and would look
/// like the best choice of all; one that is being probed refuses all but its probes. So nobody is
/// chosen without being asked ([`Way::status`]), by any rule, and who rests is chosen only where all
/// rest, as with the endpoint status of Finagle and the subchannels of gRPC.
#[derive(Debug)]
pub struct Chooser {
    balancer: Box<dyn Balancer>,
}

/// What a call asks of its endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// When it comes.
    pub now: Time,
    /// What the caller knows the request by, if it does.
    pub key: Option<&'a Key>,
    /// Where the call has been tried. Another endpoint is better, and at least not the last.
    pub tried: Option<&'a Tried>,
}

impl Wish<'_> {
    fn is_first(&self) -> bool {
        self.tried.is_none_or(Tried::is_empty)
    }

    pub(super) fn is_untried(&self, endpoint: EndpointKey) -> bool {
        self.tried.is_none_or(|tried| !tried.contains(endpoint))
    }

    fn was_not_last(&self, endpoint: EndpointKey) -> bool {
        self.tried.is_none_or(|tried| tried.last() != Some(endpoint))
    }
}

impl Chooser {
    /// One that goes by a rule.
    pub fn new(balancer: Box<dyn Balancer>) -> Self {
        Self { balancer }
    }

    /// A call comes: where it goes, if there is an endpoint for it.
    #[inline]
    pub fn on_call<W: Way>(
        &mut self,
        set: &mut EndpointSet<W>,
        wish: Wish<'_>,
        stream: &mut Stream,
    ) -> Option<Booking> {
        let Wish { now, key, .. } = wish;
        if set.is_well() && wish.is_first() {
            let asked = &mut Asked { now, key, stream };
            let position = self.balancer.pick(set.candidates(), asked)?;
            if set.is_ready(position, now) {
                return Some(set.book(position));
            }
        }
        self.choose(set, wish, stream)
    }

    /// Chooses where not all are as good.
    fn choose<W: Way>(
        &mut self,
        set: &mut EndpointSet<W>,
        wish: Wish<'_>,
        stream: &mut Stream,
    ) -> Option<Booking> {
        set.wake(wish.now);
        let asked = &mut Asked { now: wish.now, key: wish.key, stream };
        set.narrow(true, |endpoint| wish.is_untried(endpoint));
        let mut chosen = self.pick(set, asked);
        if chosen.is_none() {
            set.narrow(true, |endpoint| wish.was_not_last(endpoint));
            chosen = self.pick(set, asked);
        }
        if chosen.is_none() {
            set.narrow(true, |_| true);
            chosen = self.pick(set, asked);
        }
        chosen.or_else(|| set.first_back(wish.now)).map(|position| set.book(position))
    }

    /// A further copy of a call comes. It goes to an endpoint that no other copy has `taken`, that
    /// is not ejected and does not rest, or nowhere.
    pub fn on_copy<W: Way>(
        &mut self,
        set: &mut EndpointSet<W>,
        wish: Wish<'_>,
        taken: impl Fn(EndpointKey) -> bool,
        stream: &mut Stream,
    ) -> Option<Booking> {
        set.wake(wish.now);
        let asked = &mut Asked { now: wish.now, key: wish.key, stream };
        set.narrow(false, |endpoint| !taken(endpoint) && wish.is_untried(endpoint));
        let mut chosen = self.pick(set, asked);
        if chosen.is_none() {
            set.narrow(false, |endpoint| !taken(endpoint));
            chosen = self.pick(set, asked);
        }
        chosen.map(|position| set.book(position))
    }

    /// One of the choice that does not rest.
    fn pick<W: Way>(&mut self, set: &mut EndpointSet<W>, asked: &mut Asked<'_>) -> Option<usize> {
        loop {
            let place = self.balancer.pick(set.choice(), asked)?;
            if let Some(position) = set.choose(place, asked.now) {
                return Some(position);
            }
        }
    }
}
