use super::{Asked, Balancer};
use crate::endpoints::Candidate;

/// Any endpoint, each as likely as the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct Random;

impl Balancer for Random {
    fn pick(&mut self, candidates: &[Candidate], call: &mut Asked<'_>) -> Option<usize> {
        let count = candidates.len() as u64;
        (count > 0).then(|| call.stream.below(count) as usize)
    }
}
