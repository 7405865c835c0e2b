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
}

impl Pool {
    /// `endpoints` idle endpoints.
    pub fn new(balancer: Box<dyn Balancer>, endpoints: usize) -> Self {
        let (outstanding, rests_until) = (vec![0; endpoints], vec![Time::ZERO; endpoints]);
        Self { balancer, outstanding, rests_until, all_back: Time::ZERO }
    }

    /// A call comes: the endpoint it goes to, where there is one.
    pub fn on_call(&mut self, now: Time, stream: &mut Stream) -> Option<usize> {
        let index = if now >= self.all_back {
            self.balancer.pick(&self.outstanding, stream)?
        } else {
            self.pick_awake(now, stream)?
        };
        self.outstanding[index] += 1;
        Some(index)
    }

    /// A further copy of a call comes. It goes to an endpoint that no other copy has `taken` and that
    /// does not rest, or nowhere.
    pub fn on_copy(
        &mut self,
        now: Time,
        taken: impl Fn(usize) -> bool,
        stream: &mut Stream,
    ) -> Option<usize> {
        let free = |index: &usize| self.rests_until[*index] <= now && !taken(*index);
        let free: Vec<usize> = (0..self.outstanding.len()).filter(free).collect();
        let index = self.pick_among(&free, stream)?;
        self.outstanding[index] += 1;
        Some(index)
    }

    fn pick_awake(&mut self, now: Time, stream: &mut Stream) -> Option<usize> {
        let every = 0..self.outstanding.len();
        let mut awake: Vec<usize> =
            every.clone().filter(|index| self.rests_until[*index] <= now).collect();
        if awake.is_empty() {
            awake = every.collect();
        }
        self.pick_among(&awake, stream)
    }

    fn pick_among(&mut self, among: &[usize], stream: &mut Stream) -> Option<usize> {
        let outstanding: Vec<u32> = among.iter().map(|index| self.outstanding[*index]).collect();
        self.balancer.pick(&outstanding, stream).map(|index| among[index])
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
