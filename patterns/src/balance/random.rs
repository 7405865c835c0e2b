use cascadia_runtime::Stream;

use super::{Balancer, Candidate};

/// Any endpoint, each as likely as the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct Random;

impl Balancer for Random {
    fn pick(&mut self, candidates: &[Candidate], stream: &mut Stream) -> Option<usize> {
        let count = candidates.len() as u64;
        (count > 0).then(|| stream.below(count) as usize)
    }
}
