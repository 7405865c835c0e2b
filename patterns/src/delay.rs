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
    spread(stream.unit(), low, high)
}

/// The duration that lies at `place`, from 0 to 1, between the two.
fn spread(place: f64, low: Duration, high: Duration) -> Duration {
    low + scaled(high.saturating_sub(low), place)
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// tower 0.5.3 asserts that a draw is more than nothing, and panics where it is not.
    #[test]
    fn a_draw_of_nothing_is_the_shortest_delay() {
        let second = Duration::from_secs(1);
        assert_eq!(scaled(second, 0.0), Duration::ZERO);
        assert_eq!(spread(0.0, second, 2 * second), second);
        assert_eq!(spread(0.5, second, 2 * second), second + second / 2);
    }
}
