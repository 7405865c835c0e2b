use std::collections::BTreeSet;

use cascadia_runtime::Time;

use crate::plan::Plan;

/// The windows of the time series: equal widths from the warm-up to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The beginning of the first.
    pub start: Time,
    /// The end of the last.
    pub end: Time,
    /// The width in nanoseconds; the last window may be cut.
    pub width: u64,
}

/// Most windows in a series.
const MOST: u64 = 600;

impl Windows {
    /// The widest resolution that keeps the number of windows down: the smallest width of the
    /// form 1, 2 or 5 × 10ⁿ ns that needs at most 600 of them.
    pub fn new(start: Time, end: Time) -> Self {
        let span = end.as_nanos() - start.as_nanos();
        let mut scale = 1;
        let width = loop {
            if let Some(width) =
                [1, 2, 5].map(|step| step * scale).into_iter().find(|w| w * MOST >= span)
            {
                break width;
            }
            scale *= 10;
        };
        Self { start, end, width }
    }

    /// How many windows there are up to `until`, a begun one included.
    pub fn count(&self, until: Time) -> usize {
        let span = until.min(self.end).as_nanos().saturating_sub(self.start.as_nanos());
        span.div_ceil(self.width) as usize
    }

    /// Whether a window begins or ends then.
    pub fn is_edge(&self, at: Time) -> bool {
        let offset = at.as_nanos().checked_sub(self.start.as_nanos());
        at == self.end || offset.is_some_and(|offset| offset.is_multiple_of(self.width))
    }

    /// The beginning of window `index`, or the end after the last.
    pub fn edge(&self, index: usize) -> Time {
        Time::from_nanos(self.start.as_nanos() + index as u64 * self.width).min(self.end)
    }
}

/// Every instant at which counters must be copied, in order.
pub(crate) fn boundaries(plan: &Plan, windows: &Windows) -> Vec<Time> {
    let mut edges: BTreeSet<Time> =
        (0..=windows.count(windows.end)).map(|index| windows.edge(index)).collect();
    edges.extend([plan.warmup, plan.duration]);
    edges.extend(plan.probes.iter().flat_map(|probe| [probe.from, probe.until]));
    edges.retain(|edge| *edge <= plan.duration);
    edges.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(span: u64) -> u64 {
        Windows::new(Time::ZERO, Time::from_nanos(span)).width
    }

    #[test]
    fn the_width_is_the_least_step_that_fits() {
        assert_eq!(width(600), 1);
        assert_eq!(width(601), 2);
        assert_eq!(width(110_000_000_000), 200_000_000);
        assert_eq!(width(1_250_000_000_000), 5_000_000_000);
    }

    #[test]
    fn the_last_window_may_be_cut() {
        let windows = Windows::new(Time::from_nanos(10), Time::from_nanos(1_211));
        assert_eq!(windows.width, 5);
        assert_eq!(windows.count(windows.end), 241);
        assert_eq!(windows.edge(240), Time::from_nanos(1_210));
        assert_eq!(windows.edge(241), windows.end);
        assert_eq!(windows.count(Time::from_nanos(16)), 2);
    }
}
