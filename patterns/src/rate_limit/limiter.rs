use std::fmt::Debug;
use std::time::Duration;

use cascadia_runtime::Time;

/// A way to count calls. `now` never goes back.
pub(super) trait Limiter: Debug + Send {
    /// Takes `permits` as soon as they can be had, unless that is after `latest`.
    ///
    /// # Errors
    ///
    /// When they could be had, or nothing where there are never so many at once.
    fn take(&mut self, now: Time, permits: u32, latest: Time) -> Result<Time, Option<Time>>;

    /// `permits` that were taken for `at` are not used.
    ///
    /// Whoever waits behind keeps his turn. So what comes back is only what those behind were not
    /// promised on top of it: all of it if nobody is behind.
    fn give_back(&mut self, now: Time, at: Time, permits: u32);
}

pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
