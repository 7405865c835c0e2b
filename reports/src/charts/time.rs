use super::scale::round_step;
use crate::format;
use crate::result::RunResult;

/// About how many labels the axis has.
const LABELS: f64 = 9.0;

/// The time axis: from the warm-up to the end of the run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    start: f64,
    end: f64,
}

impl Axis {
    pub(super) fn of(result: &RunResult) -> Self {
        let (start, end) = (result.series.start_ns as f64, result.series.end_ns as f64);
        Self { start, end: end.max(start + 1.0) }
    }

    /// How far a time lies along the axis, from 0 to 1.
    pub(super) fn share(self, ns: f64) -> f64 {
        ((ns - self.start) / (self.end - self.start)).clamp(0.0, 1.0)
    }

    pub(super) fn holds(self, ns: u64) -> bool {
        (self.start..=self.end).contains(&(ns as f64))
    }

    /// Round times with their labels.
    pub(super) fn ticks(self) -> Vec<(f64, String)> {
        let span = self.end - self.start;
        let whole = if span >= 600e9 { 60e9 } else { 1e9 };
        let step = round_step(span / whole / LABELS) * whole;
        let first = (self.start / step - 1e-9).ceil() as u64;
        let last = (self.end / step + 1e-9).floor() as u64;
        let (unit, name) = match step {
            s if s >= 60e9 => (60e9, "min"),
            s if s >= 1e9 => (1e9, "s"),
            s if s >= 1e6 => (1e6, "ms"),
            _ => (1e3, "µs"),
        };
        let label = |ns: f64| format!("{} {name}", format::number(ns / unit));
        (first..=last).map(|index| index as f64 * step).map(|ns| (ns, label(ns))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Axis;

    fn labels(start: f64, end: f64) -> Vec<String> {
        Axis { start, end }.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn labels_are_round_and_carry_their_unit() {
        assert_eq!(labels(10e9, 70e9), ["10 s", "20 s", "30 s", "40 s", "50 s", "60 s", "70 s"]);
        assert_eq!(labels(0.0, 1e9)[1], "200 ms");
        assert_eq!(labels(0.0, 3_600e9)[1], "10 min");
    }

    #[test]
    fn times_outside_are_moved_to_the_edge() {
        let axis = Axis { start: 10.0, end: 20.0 };
        assert_eq!([axis.share(0.0), axis.share(15.0), axis.share(99.0)], [0.0, 0.5, 1.0]);
        assert!(axis.holds(20) && !axis.holds(21));
    }
}
