use cascadia_runtime::Stream;

use super::Balancer;

/// Any endpoint, each as likely as the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct Random;

impl Balancer for Random {
    fn pick(&mut self, outstanding: &[u32], stream: &mut Stream) -> Option<usize> {
        let count = outstanding.len() as u64;
        (count > 0).then(|| stream.below(count) as usize)
    }
}
