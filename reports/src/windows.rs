//! The windows of a series, counted and placed in time.

use crate::result::Series;

/// The windows of a series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows {
    start: u64,
    width: u64,
    end: u64,
}

impl Windows {
    pub(crate) fn of(series: &Series) -> Self {
        Self { start: series.start_ns, width: series.window_ns, end: series.end_ns }
    }

    pub(crate) fn len(self) -> usize {
        if self.width == 0 || self.end <= self.start {
            return 0;
        }
        usize::try_from((self.end - self.start).div_ceil(self.width)).unwrap_or(usize::MAX)
    }

    /// How many of them make up so long a time, or more.
    pub(crate) fn count(self, nanos: u64) -> usize {
        usize::try_from(nanos.div_ceil(self.width.max(1))).unwrap_or(usize::MAX)
    }

    pub(crate) fn start(self, index: usize) -> u64 {
        self.start.saturating_add(self.width.saturating_mul(index as u64)).min(self.end)
    }

    pub(crate) fn end(self, index: usize) -> u64 {
        self.start(index).saturating_add(self.width).min(self.end)
    }

    pub(crate) fn middle(self, index: usize) -> f64 {
        (self.start(index) as f64 + self.end(index) as f64) / 2.0
    }

    /// The width of a window in seconds; only the last may be shorter than the others.
    pub(crate) fn seconds(self, index: usize) -> f64 {
        (self.end(index) - self.start(index)) as f64 / 1e9
    }

    /// Counts per window as rates per second.
    pub(crate) fn rates(self, counts: &[u64]) -> Vec<f64> {
        (0..self.len().min(counts.len()))
            .map(|index| counts[index] as f64 / self.seconds(index))
            .collect()
    }

    /// The windows that lie wholly within a stretch of time.
    pub(crate) fn within(self, start_ns: u64, end_ns: u64) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(move |&at| self.start(at) >= start_ns && self.end(at) <= end_ns)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn windows(start_ns: u64, window_ns: u64, end_ns: u64) -> Windows {
        let (loads, services) = (BTreeMap::new(), BTreeMap::new());
        let (components, policies) = (BTreeMap::new(), BTreeMap::new());
        Windows::of(&Series { start_ns, window_ns, end_ns, loads, services, components, policies })
    }

    #[test]
    fn the_last_window_is_cut_by_the_end() {
        let windows = windows(1_000_000_000, 2_000_000_000, 6_000_000_000);
        assert_eq!(windows.len(), 3);
        assert_eq!((windows.start(2), windows.end(2)), (5_000_000_000, 6_000_000_000));
        assert_eq!(windows.rates(&[10, 10, 10]), [5.0, 5.0, 10.0]);
        assert_eq!(windows.within(0, 5_000_000_000).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn nothing_measured_means_no_windows() {
        assert_eq!(windows(5, 1, 5).len(), 0);
        assert_eq!(windows(0, 0, 5).len(), 0);
    }
}
