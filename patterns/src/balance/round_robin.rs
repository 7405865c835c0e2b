use cascadia_runtime::Stream;

use super::{Balancer, Candidate};

/// Each endpoint in turn.
///
/// The first is drawn at random: a thousand clients that start together must not all begin with
/// the same endpoint. Turns belong to endpoints and not to places among those that may be chosen
/// now: who is passed over because another copy of the call is there does not shift the others.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin {
    next: Option<u32>,
}

impl Balancer for RoundRobin {
    fn pick(&mut self, candidates: &[Candidate], stream: &mut Stream) -> Option<usize> {
        if candidates.is_empty() {
            return None;
        }
        let place = match self.next {
            Some(next) => candidates.partition_point(|candidate| candidate.endpoint < next),
            None => stream.below(candidates.len() as u64) as usize,
        };
        let place = if place == candidates.len() { 0 } else { place };
        self.next = Some(candidates[place].endpoint + 1);
        Some(place)
    }
}
