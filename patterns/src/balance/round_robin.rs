use cascadia_runtime::Stream;

use super::Balancer;

/// Each endpoint in turn.
///
/// The first is drawn at random: a thousand clients that start together must not all begin with
/// the same endpoint.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin {
    next: Option<usize>,
}

impl Balancer for RoundRobin {
    fn pick(&mut self, outstanding: &[u32], stream: &mut Stream) -> Option<usize> {
        let count = outstanding.len();
        if count == 0 {
            return None;
        }
        let turn = self.next.unwrap_or_else(|| stream.below(count as u64) as usize);
        let index = turn % count;
        self.next = Some(index + 1);
        Some(index)
    }
}
