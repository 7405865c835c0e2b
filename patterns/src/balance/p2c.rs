use cascadia_runtime::Stream;

use super::Balancer;

/// The power of two choices: of two distinct endpoints drawn at random the one with fewer calls
/// under way, the first drawn where they are equal.
///
/// Envoy draws with replacement; its two choices may be one.
#[derive(Clone, Copy, Debug, Default)]
pub struct P2c;

impl Balancer for P2c {
    fn pick(&mut self, outstanding: &[u32], stream: &mut Stream) -> Option<usize> {
        let count = outstanding.len() as u64;
        if count < 2 {
            return (count == 1).then_some(0);
        }
        let first = stream.below(count) as usize;
        let other = stream.below(count - 1) as usize;
        let second = if other < first { other } else { other + 1 };
        Some(if outstanding[second] < outstanding[first] { second } else { first })
    }
}
