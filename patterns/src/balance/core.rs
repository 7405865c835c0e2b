use std::fmt;

use cascadia_runtime::Stream;

/// A rule that chooses among endpoints.
pub trait Balancer: fmt::Debug + Send {
    /// The index of the endpoint to use, given how many calls each has under way; `None` only
    /// where there is no endpoint.
    fn pick(&mut self, outstanding: &[u32], stream: &mut Stream) -> Option<usize>;
}

/// A balancer and what each endpoint has under way.
#[derive(Debug)]
pub struct Pool {
    balancer: Box<dyn Balancer>,
    outstanding: Vec<u32>,
}

impl Pool {
    /// `endpoints` idle endpoints.
    pub fn new(balancer: Box<dyn Balancer>, endpoints: usize) -> Self {
        Self { balancer, outstanding: vec![0; endpoints] }
    }

    /// A call comes: the endpoint it goes to, where there is one.
    pub fn on_call(&mut self, stream: &mut Stream) -> Option<usize> {
        let index = self.balancer.pick(&self.outstanding, stream)?;
        self.outstanding[index] += 1;
        Some(index)
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
