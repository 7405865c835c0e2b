use super::{Asked, Balancer};
use crate::endpoints::Candidate;

/// The power of two choices: of two distinct endpoints drawn at random the one with fewer calls
/// under way, the first drawn where they are equal.
///
/// Envoy draws with replacement; its two choices may be one.
#[derive(Clone, Copy, Debug, Default)]
pub struct P2c;

impl Balancer for P2c {
    fn pick(&mut self, candidates: &[Candidate], call: &mut Asked<'_>) -> Option<usize> {
        let count = candidates.len() as u64;
        if count < 2 {
            return (count == 1).then_some(0);
        }
        let first = call.stream.below(count) as usize;
        let other = call.stream.below(count - 1) as usize;
        let second = if other < first { other } else { other + 1 };
        let calls = |place: usize| candidates[place].outstanding;
        Some(if calls(second) < calls(first) { second } else { first })
    }
}
