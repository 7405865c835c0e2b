use super::{Asked, Balancer};
use crate::endpoints::{Candidate, EndpointKey};

/// Each endpoint in turn.
///
/// The first is drawn at random: a thousand clients that start together must not all begin with
/// the same endpoint. Turns belong to endpoints and not to places among those that may be chosen
/// now: who is passed over because another copy of the call is there does not shift the others, and
/// the cycle goes on when endpoints join or leave, in the order of their keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin {
    last: Option<EndpointKey>,
}

impl Balancer for RoundRobin {
    fn pick(&mut self, candidates: &[Candidate], call: &mut Asked<'_>) -> Option<usize> {
        if candidates.is_empty() {
            return None;
        }
        let place = match self.last {
            Some(last) => candidates.partition_point(|candidate| candidate.endpoint <= last),
            None => call.stream.below(candidates.len() as u64) as usize,
        };
        let place = if place == candidates.len() { 0 } else { place };
        self.last = Some(candidates[place].endpoint);
        Some(place)
    }
}
