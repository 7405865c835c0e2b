use std::time::Duration;

use cascadia_runtime::Time;

/// What waits to leave over a link of limited bandwidth, as a queue without a bound.
#[derive(Debug, Default)]
pub(crate) struct Queueing {
    /// When everything sent so far has left.
    free: Time,
}

impl Queueing {
    /// When `bytes` that are sent now have left at `bandwidth` bytes a second, if there is a limit.
    pub(crate) fn departs(&mut self, now: Time, bytes: usize, bandwidth: Option<u64>) -> Time {
        let Some(bandwidth) = bandwidth else { return now };
        self.free = self.free.max(now) + transmission(bytes, bandwidth);
        self.free
    }
}

/// How long `bytes` take to leave.
fn transmission(bytes: usize, bandwidth: u64) -> Duration {
    let nanos = (bytes as u128 * 1_000_000_000).div_ceil(u128::from(bandwidth));
    Duration::from_nanos(nanos as u64)
}
