use super::{Asked, Balancer};
use crate::endpoints::Candidate;

/// The endpoint with the fewest calls under way; among equals any, each as likely as the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeastConnections;

impl Balancer for LeastConnections {
    fn pick(&mut self, candidates: &[Candidate], call: &mut Asked<'_>) -> Option<usize> {
        let calls = || candidates.iter().map(|candidate| candidate.outstanding);
        let least = calls().min()?;
        let ties = calls().filter(|calls| *calls == least).count();
        let chosen = call.stream.below(ties as u64) as usize;
        calls().enumerate().filter(|(_, calls)| *calls == least).nth(chosen).map(|(place, _)| place)
    }
}
