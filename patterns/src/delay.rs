use std::time::Duration;

use cascadia_runtime::Stream;

/// `base` grown `steps` times by `factor`, at most `max`.
pub(crate) fn grown(base: Duration, factor: f64, steps: u32, max: Duration) -> Duration {
    scaled(base, libm::pow(factor, f64::from(steps))).min(max)
}

/// `duration` times `factor`, to the nanosecond below.
pub(crate) fn scaled(duration: Duration, factor: f64) -> Duration {
    Duration::from_nanos((nanos(duration) as f64 * factor) as u64)
}

/// A duration drawn uniformly from [low, high).
pub(crate) fn uniform(stream: &mut Stream, low: Duration, high: Duration) -> Duration {
    let width = high.saturating_sub(low);
    low + scaled(width, stream.unit())
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
