use cascadia_runtime::Stream;

use super::Balancer;

/// The endpoint with the fewest calls under way; among equals any, each as likely as the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeastConnections;

impl Balancer for LeastConnections {
    fn pick(&mut self, outstanding: &[u32], stream: &mut Stream) -> Option<usize> {
        let least = *outstanding.iter().min()?;
        let ties = outstanding.iter().filter(|&&calls| calls == least).count();
        let chosen = stream.below(ties as u64) as usize;
        outstanding
            .iter()
            .enumerate()
            .filter(|&(_, &calls)| calls == least)
            .nth(chosen)
            .map(|(index, _)| index)
    }
}
