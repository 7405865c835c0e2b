use std::fmt;

use cascadia_runtime::{Stream, Time};

/// A rule that chooses among endpoints.
pub trait Balancer: fmt::Debug + Send {
    /// The index of the endpoint to use, given how many calls each has under way; `None` only
    /// where there is no endpoint.
    fn pick(&mut self, outstanding: &[u32], stream: &mut Stream) -> Option<usize>;
}

/// A balancer, what each endpoint has under way, and which of them rest.
///
/// An endpoint whose breaker is open refuses at once, so it has nothing under way and would look
/// like the best choice of all. It rests until its breaker lets calls through again and is chosen
/// only where all rest, as with the endpoint status of Finagle and the subchannels of gRPC.
#[derive(Debug)]
pub struct Pool {
    balancer: Box<dyn Balancer>,
    outstanding: Vec<u32>,
    rests_until: Vec<Time>,
    /// When the last of them is back.
    all_back: Time,
    /// The endpoints that are to choose from where not all are, and what they have under way.
    choice: Vec<usize>,
    loads: Vec<u32>,
}

impl Pool {
    /// `endpoints` idle endpoints.
    pub fn new(balancer: Box<dyn Balancer>, endpoints: usize) -> Self {
        let (outstanding, rests_until) = (vec![0; endpoints], vec![Time::ZERO; endpoints]);
        let (choice, loads) = (Vec::with_capacity(endpoints), Vec::with_capacity(endpoints));
        Self { balancer, outstanding, rests_until, all_back: Time::ZERO, choice, loads }
    }

    /// A call comes: the endpoint it goes to, where there is one. What is `ejected`, an entry for
    /// each endpoint or none at all, is chosen only where all are.
    pub fn on_call(&mut self, now: Time, ejected: &[bool], stream: &mut Stream) -> Option<usize> {
        let index = if now >= self.all_back && ejected.is_empty() {
            self.balancer.pick(&self.outstanding, stream)?
        } else {
            self.pick_among(now, ejected, stream)?
        };
        self.outstanding[index] += 1;
        Some(index)
    }

    /// A further copy of a call comes. It goes to an endpoint that no other copy has `taken`, that
    /// is not ejected and does not rest, or nowhere.
    pub fn on_copy(
        &mut self,
        now: Time,
        ejected: &[bool],
        taken: impl Fn(usize) -> bool,
        stream: &mut Stream,
    ) -> Option<usize> {
        let rests = &self.rests_until;
        let free = |index: &usize| {
            rests[*index] <= now && ejected.get(*index) != Some(&true) && !taken(*index)
        };
        self.choice.clear();
        self.choice.extend((0..rests.len()).filter(free));
        let index = self.pick_chosen(stream)?;
        self.outstanding[index] += 1;
        Some(index)
    }

    fn pick_among(&mut self, now: Time, ejected: &[bool], stream: &mut Stream) -> Option<usize> {
        let every = 0..self.outstanding.len();
        let kept = |index: &usize| ejected.get(*index) != Some(&true);
        let awake = |index: &usize| self.rests_until[*index] <= now;
        self.choice.clear();
        self.choice.extend(every.clone().filter(kept));
        if self.choice.is_empty() {
            self.choice.extend(every);
        }
        if self.choice.iter().any(awake) {
            self.choice.retain(awake);
        }
        self.pick_chosen(stream)
    }

    fn pick_chosen(&mut self, stream: &mut Stream) -> Option<usize> {
        self.loads.clear();
        self.loads.extend(self.choice.iter().map(|index| self.outstanding[*index]));
        self.balancer.pick(&self.loads, stream).map(|index| self.choice[index])
    }

    /// The endpoint lets nothing through before `until`.
    pub fn on_open(&mut self, index: usize, until: Time) {
        self.rests_until[index] = until;
        self.all_back = self.all_back.max(until);
    }

    /// A call to the endpoint ended, in whatever way.
    pub fn on_ended(&mut self, index: usize) {
        self.outstanding[index] -= 1;
    }

    /// The calls each endpoint has under way.
    pub fn outstanding(&self) -> &[u32] {
        &self.outstanding
    }
}
