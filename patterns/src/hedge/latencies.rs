use std::fmt;
use std::time::Duration;

use cascadia_runtime::Time;

/// Windows that are kept, and how long one is (Finagle).
const WINDOWS: usize = 3;
const WIDTH: u64 = 10_000_000_000;
/// What is longer counts as this long (Finagle).
const LONGEST: u64 = 2_000_000_000;
/// Values below 2⁶ units have a bucket each; above, every power of two has 2⁵ buckets, so a value
/// is known to 3 %.
const UNIT: u64 = 1_000;
const SPLIT: u32 = 5;
const BUCKETS: usize = 544;

/// How long the calls of the last half minute took.
///
/// Three windows of ten seconds, each a histogram of fixed size, so that recording allocates
/// nothing and forgetting is exact to a window.
#[derive(Clone)]
pub struct Latencies {
    windows: Box<[[u32; BUCKETS]; WINDOWS]>,
    counts: [u64; WINDOWS],
    newest: u64,
}

impl fmt::Debug for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Latencies").field("calls", &self.counts).finish_non_exhaustive()
    }
}

impl Default for Latencies {
    fn default() -> Self {
        let windows = Box::new([[0; BUCKETS]; WINDOWS]);
        Self { windows, counts: [0; WINDOWS], newest: 0 }
    }
}

impl Latencies {
    /// Bytes that its windows take up.
    pub(super) const BYTES: usize = size_of::<[[u32; BUCKETS]; WINDOWS]>();

    /// A call took so long.
    pub fn record(&mut self, now: Time, took: Duration) {
        let window = self.slide(now);
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.windows[window][bucket(nanos)] += 1;
        self.counts[window] += 1;
    }

    /// Calls that are remembered.
    pub fn count(&mut self, now: Time) -> u64 {
        self.slide(now);
        self.counts.iter().sum()
    }

    /// The latency that a `share` of the calls did not exceed, rounded up by 3 % at most.
    pub fn quantile(&mut self, now: Time, share: f64) -> Option<Duration> {
        let count = self.count(now) as f64;
        // A quotient is the nearest number there is, as is a share that somebody wrote; a product
        // with the share may be too large by the little that makes it one call more.
        let reached = |seen: u64| seen > 0 && seen as f64 / count >= share;
        let mut seen = 0;
        (0..BUCKETS).find_map(|index| {
            seen += self.windows.iter().map(|window| u64::from(window[index])).sum::<u64>();
            reached(seen).then(|| Duration::from_nanos(highest(index)))
        })
    }

    /// Forgets the windows that time has come round to; the window of `now`.
    fn slide(&mut self, now: Time) -> usize {
        let newest = (now.as_nanos() / WIDTH).max(self.newest);
        let first = (self.newest + 1).max((newest + 1).saturating_sub(WINDOWS as u64));
        for window in first..=newest {
            let window = (window % WINDOWS as u64) as usize;
            self.windows[window] = [0; BUCKETS];
            self.counts[window] = 0;
        }
        self.newest = newest;
        (newest % WINDOWS as u64) as usize
    }
}

fn bucket(nanos: u64) -> usize {
    let units = nanos.min(LONGEST).div_ceil(UNIT);
    let octave = (units | (1 << SPLIT)).ilog2() - SPLIT;
    ((u64::from(octave) << SPLIT) + (units >> octave)) as usize
}

/// The longest latency of a bucket.
fn highest(index: usize) -> u64 {
    let octave = (index >> SPLIT).saturating_sub(1);
    let base = (index - (octave << SPLIT)) as u64;
    let units = ((base + 1) << octave) - 1;
    (units * UNIT).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn a_bucket_holds_what_it_says_to_three_percent() {
        for exponent in 0..32 {
            for offset in [0, 1, 7, 500, 999] {
                let nanos = (1u64 << exponent) + offset;
                let high = highest(bucket(nanos));
                let limit = nanos.min(LONGEST);
                assert!(high >= limit, "{nanos} in a bucket until {high}");
                let excess = (high - limit) as f64;
                assert!(excess <= UNIT as f64 + limit as f64 / 32.0, "{nanos}: {high}");
            }
        }
        assert_eq!(bucket(u64::MAX), bucket(LONGEST));
        assert!(bucket(LONGEST) < BUCKETS);
    }

    #[test]
    fn quantiles_are_of_the_last_three_windows() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.quantile(at(0), 0.5), None);
        for millis in 1..=100 {
            latencies.record(at(0), Duration::from_millis(millis));
        }
        let p95 = latencies.quantile(at(29_999), 0.95).unwrap();
        let wanted = Duration::from_millis(95)..Duration::from_millis(98);
        assert!(wanted.contains(&p95), "{p95:?}");
        assert_eq!(latencies.count(at(30_000)), 0);
        assert_eq!(latencies.quantile(at(30_000), 0.95), None);
    }

    /// The call that a share falls on, among calls that take longer and longer.
    #[test]
    fn a_share_in_tenths_of_a_percent_falls_on_the_call_that_whole_numbers_say() {
        let slow = |call: usize| Duration::from_micros(64 << call.min(12));
        for all in 1..=100_usize {
            let mut latencies = Latencies::default();
            (0..all).for_each(|call| latencies.record(at(0), slow(call)));
            for tenths in 1..=1_000 {
                let share: f64 = format!("{tenths}e-3").parse().unwrap();
                let call = (tenths * all).div_ceil(1_000) - 1;
                let found = latencies.quantile(at(0), share).unwrap();
                let ratio = found.as_secs_f64() / slow(call).as_secs_f64();
                assert!((1.0..1.1).contains(&ratio), "{tenths} tenths of a percent of {all}");
            }
        }
    }

    /// tower's hedge counts whole milliseconds, so whatever is faster looks like none at all.
    #[test]
    fn fractions_of_a_millisecond_are_told_apart() {
        let mut latencies = Latencies::default();
        for micros in 1..=200 {
            latencies.record(at(0), Duration::from_micros(micros));
        }
        let p50 = latencies.quantile(at(0), 0.5).unwrap();
        let wanted = Duration::from_micros(100)..=Duration::from_micros(103);
        assert!(wanted.contains(&p50), "{p50:?}");
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_forgets_nothing() {
        let mut latencies = Latencies::default();
        latencies.record(at(25_000), Duration::from_millis(1));
        latencies.record(at(5_000), Duration::from_millis(1));
        assert_eq!(latencies.count(at(5_000)), 2);
    }
}
