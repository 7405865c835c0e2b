use crate::result::{OutcomeKind, RunResult};
use crate::windows::Windows;

/// Standard deviations below which a count is not merely unlucky.
const DEVIATIONS: f64 = 3.0;

/// Goodput of all loads together against what it was before the first fault.
pub(super) struct Goodput {
    pub(super) windows: Windows,
    counts: Vec<u64>,
    /// Successful requests per second before the first fault.
    pub(super) baseline: f64,
}

impl Goodput {
    /// Nothing where no whole window, or no success, lies before the first fault.
    pub(super) fn of(result: &RunResult) -> Option<Self> {
        let windows = Windows::of(&result.series);
        let first = result.faults.iter().map(|fault| fault.start_ns).min()?;
        let mut counts = vec![0; windows.len()];
        for load in result.series.loads.values() {
            for (sum, ok) in counts.iter_mut().zip(load.outcomes.get(&OutcomeKind::Ok)?) {
                *sum += ok;
            }
        }
        let (successes, seconds) = windows
            .within(0, first)
            .map(|at| (counts[at] as f64, windows.seconds(at)))
            .fold((0.0, 0.0), |sum, window| (sum.0 + window.0, sum.1 + window.1));
        (successes > 0.0).then(|| Self { windows, counts, baseline: successes / seconds })
    }

    /// Successful requests per second over the windows `from..to`.
    pub(super) fn rate(&self, from: usize, to: usize) -> f64 {
        self.successes(from, to) / self.seconds(from, to)
    }

    /// Whether goodput over the windows `from..to` is measurably below a share of the baseline.
    pub(super) fn is_below(&self, share: f64, from: usize, to: usize) -> bool {
        let expected = self.baseline * self.seconds(from, to);
        let scatter = DEVIATIONS * libm::sqrt(expected);
        self.successes(from, to) + scatter < share * expected
    }

    /// How many windows from `from` on it takes to tell goodput below a share of the baseline from
    /// bad luck: so many that at least its loss would show. There may be fewer.
    pub(super) fn telling(&self, share: f64, from: usize) -> usize {
        let least = (DEVIATIONS / share) * (DEVIATIONS / share) / self.baseline;
        let mut seconds = 0.0;
        let enough = |at: &usize| {
            seconds += self.windows.seconds(*at);
            seconds > least
        };
        (from..self.windows.len()).find(enough).map_or(usize::MAX, |at| at + 1 - from)
    }

    pub(super) fn successes(&self, from: usize, to: usize) -> f64 {
        self.counts[from..to].iter().sum::<u64>() as f64
    }

    fn seconds(&self, from: usize, to: usize) -> f64 {
        (from..to).map(|at| self.windows.seconds(at)).sum()
    }
}
