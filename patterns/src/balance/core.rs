use std::fmt;

use cascadia_runtime::{Stream, Time};

use crate::call::{Status, Tried};

/// A rule that chooses among endpoints.
pub trait Balancer: fmt::Debug + Send {
    /// The position among `candidates` of the endpoint to use; `None` only where there is none. They
    /// come in the order of their endpoints, and those that are not to be chosen now are missing.
    fn pick(&mut self, candidates: &[Candidate], stream: &mut Stream) -> Option<usize>;
}

/// An endpoint that may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which it is, whoever else may be chosen.
    pub endpoint: u32,
    /// The calls it has under way.
    pub outstanding: u32,
}

/// A balancer, what each endpoint has under way, and which of them rest.
///
/// An endpoint whose breaker is open refuses at once, so it has nothing under way and would look
/// like the best choice of all; one that is being probed refuses all but its probes. So nobody is
/// chosen without being asked ([`Status`]), by any rule, and who rests is chosen only where all
/// rest, as with the endpoint status of Finagle and the subchannels of gRPC.
#[derive(Debug)]
pub struct Pool {
    balancer: Box<dyn Balancer>,
    endpoints: Vec<Candidate>,
    /// Those that rested when they were last asked, or said so in an answer. The others are asked
    /// when they are chosen.
    rests: Vec<bool>,
    resting: usize,
    /// Until when each rests at least, by an answer that it gave.
    told: Vec<Time>,
    /// Those that are to choose from where not all are.
    choice: Vec<Candidate>,
}

/// What a call asks of its endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// When it comes.
    pub now: Time,
    /// Endpoints that are ejected, an entry for each or none at all. They are chosen only where all
    /// are.
    pub ejected: &'a [bool],
    /// Where the call has been tried. Another endpoint is better, and at least not the last.
    pub tried: Option<&'a Tried>,
}

impl Wish<'_> {
    fn is_ejected(&self, endpoint: usize) -> bool {
        self.ejected.get(endpoint) == Some(&true)
    }

    fn is_first(&self) -> bool {
        self.tried.is_none_or(Tried::is_empty)
    }

    fn was_tried(&self, endpoint: usize) -> bool {
        self.tried.is_some_and(|tried| tried.contains(endpoint))
    }

    fn was_last(&self, endpoint: usize) -> bool {
        self.tried.is_some_and(|tried| tried.last() == Some(endpoint))
    }
}

impl Pool {
    /// `endpoints` idle endpoints.
    pub fn new(balancer: Box<dyn Balancer>, endpoints: usize) -> Self {
        let idle = (0..endpoints as u32).map(|endpoint| Candidate { endpoint, outstanding: 0 });
        Self {
            balancer,
            endpoints: idle.collect(),
            rests: vec![false; endpoints],
            resting: 0,
            told: vec![Time::ZERO; endpoints],
            choice: Vec::with_capacity(endpoints),
        }
    }

    /// A call comes: the endpoint it goes to, where there is one. `ask` tells how an endpoint is.
    pub fn on_call(
        &mut self,
        wish: Wish<'_>,
        ask: impl Fn(usize) -> Status,
        stream: &mut Stream,
    ) -> Option<usize> {
        if self.resting == 0 && wish.ejected.is_empty() && wish.is_first() {
            let index = self.balancer.pick(&self.endpoints, stream)?;
            if self.is_ready(index, &ask) {
                return Some(self.take(index));
            }
        }
        self.choose(wish, &ask, stream)
    }

    /// Chooses where not all are as good.
    fn choose(
        &mut self,
        wish: Wish<'_>,
        ask: &impl Fn(usize) -> Status,
        stream: &mut Stream,
    ) -> Option<usize> {
        self.wake(wish.now, ask);
        let all_ejected = (0..self.endpoints.len()).all(|index| wish.is_ejected(index));
        let kept = |index| all_ejected || !wish.is_ejected(index);
        let index = self
            .pick(|index| kept(index) && !wish.was_tried(index), ask, stream)
            .or_else(|| self.pick(|index| kept(index) && !wish.was_last(index), ask, stream))
            .or_else(|| self.pick(kept, ask, stream))
            .or_else(|| self.first_back(kept, ask))?;
        Some(self.take(index))
    }

    /// A further copy of a call comes. It goes to an endpoint that no other copy has `taken`, that
    /// is not ejected and does not rest, or nowhere.
    pub fn on_copy(
        &mut self,
        wish: Wish<'_>,
        taken: impl Fn(usize) -> bool,
        ask: impl Fn(usize) -> Status,
        stream: &mut Stream,
    ) -> Option<usize> {
        self.wake(wish.now, &ask);
        let free = |index| !wish.is_ejected(index) && !taken(index);
        let index = self
            .pick(|index| free(index) && !wish.was_tried(index), &ask, stream)
            .or_else(|| self.pick(free, &ask, stream))?;
        Some(self.take(index))
    }

    /// Whether a call that failed at `index` could go elsewhere at once, to an endpoint that it has
    /// not tried.
    pub fn has_another(&self, index: usize, wish: Wish<'_>, ask: impl Fn(usize) -> Status) -> bool {
        (0..self.endpoints.len()).any(|other| {
            other != index
                && !wish.is_ejected(other)
                && !wish.was_tried(other)
                && self.told[other] <= wish.now
                && ask(other) == Status::Ready
        })
    }

    /// An answer says that the endpoint lets nothing through before `until`.
    pub fn on_open(&mut self, index: usize, until: Time) {
        self.told[index] = until;
        self.rest(index);
    }

    /// A call to the endpoint ended, in whatever way.
    pub fn on_ended(&mut self, index: usize) {
        self.endpoints[index].outstanding -= 1;
    }

    /// The calls each endpoint has under way.
    pub fn outstanding(&self) -> impl Iterator<Item = u32> {
        self.endpoints.iter().map(|endpoint| endpoint.outstanding)
    }

    fn take(&mut self, index: usize) -> usize {
        self.endpoints[index].outstanding += 1;
        index
    }

    /// Asks those that rested whether they still do.
    fn wake(&mut self, now: Time, ask: &impl Fn(usize) -> Status) {
        if self.resting == 0 {
            return;
        }
        for index in 0..self.rests.len() {
            if self.rests[index] && self.told[index] <= now && ask(index) == Status::Ready {
                self.rests[index] = false;
                self.resting -= 1;
            }
        }
    }

    /// Asks one that is about to be chosen, and remembers it if it rests.
    fn is_ready(&mut self, index: usize, ask: &impl Fn(usize) -> Status) -> bool {
        let ready = ask(index) == Status::Ready;
        if !ready {
            self.rest(index);
        }
        ready
    }

    #[cold]
    fn rest(&mut self, index: usize) {
        self.resting += usize::from(!self.rests[index]);
        self.rests[index] = true;
    }

    /// One that does not rest, of those that are `wanted`.
    fn pick(
        &mut self,
        wanted: impl Fn(usize) -> bool,
        ask: &impl Fn(usize) -> Status,
        stream: &mut Stream,
    ) -> Option<usize> {
        let rests = &self.rests;
        let awake = |candidate: &&Candidate| {
            let index = candidate.endpoint as usize;
            !rests[index] && wanted(index)
        };
        self.choice.clear();
        self.choice.extend(self.endpoints.iter().filter(awake));
        loop {
            let place = self.balancer.pick(&self.choice, stream)?;
            let index = self.choice[place].endpoint as usize;
            if self.is_ready(index, ask) {
                return Some(index);
            }
            self.choice.remove(place);
        }
    }

    /// Of those that rest, the one that is to be back first: what it says when it refuses is how
    /// long there is nobody to ask.
    fn first_back(
        &self,
        wanted: impl Fn(usize) -> bool,
        ask: &impl Fn(usize) -> Status,
    ) -> Option<usize> {
        let until = |index: &usize| match ask(*index) {
            Status::Ready => self.told[*index],
            Status::Rests { until } => until.max(self.told[*index]),
        };
        (0..self.endpoints.len()).filter(|index| wanted(*index)).min_by_key(until)
    }
}
