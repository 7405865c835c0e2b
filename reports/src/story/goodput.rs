use crate::result::{LoadSeries, OutcomeKind, RunResult};
use crate::windows::Windows;

/// Standard deviations below which a count is not merely unlucky.
const DEVIATIONS: f64 = 3.0;

/// Goodput of a load against what was to be expected of it: the share that ended in success before the
/// first fault, of what is offered at each moment. So a load that changes by plan is no loss. Clients
/// that wait for their answers offer less because of a loss, and of those what ended in success before
/// the first fault is expected while they send.
pub(super) struct Goodput {
    pub(super) windows: Windows,
    counts: Vec<u64>,
    /// Successes that are to be expected in each window.
    expected: Vec<f64>,
}

impl Goodput {
    /// Nothing where no whole window, or no success, lies before the first fault.
    pub(super) fn of(result: &RunResult, load: &LoadSeries) -> Option<Self> {
        let windows = Windows::of(&result.series);
        let first = result.faults.iter().map(|fault| fault.start_ns).min()?;
        let ok = load.outcomes.get(&OutcomeKind::Ok)?;
        let before = || windows.within(0, first);
        let due = |at: usize| match load.open {
            true => load.offered[at] as f64,
            false => sending(windows, load, at),
        };
        let successes = before().map(|at| ok[at]).sum::<u64>() as f64;
        let whole: f64 = before().map(due).sum();
        let share = successes / whole;
        let expected = (0..windows.len()).map(|at| share * due(at)).collect();
        (successes > 0.0 && whole > 0.0).then(|| Self { windows, counts: ok.clone(), expected })
    }

    /// Whether goodput over the windows `from..to` is measurably below a share of what was to be
    /// expected.
    pub(super) fn is_below(&self, share: f64, from: usize, to: usize) -> bool {
        let expected = self.expected(from, to);
        let scatter = DEVIATIONS * libm::sqrt(expected);
        self.successes(from, to) + scatter < share * expected
    }

    /// How many windows from `from` on it takes to tell goodput below a share of what is expected from
    /// bad luck: so many that at least its loss would show. There may be fewer.
    pub(super) fn telling(&self, share: f64, from: usize) -> usize {
        let least = (DEVIATIONS / share) * (DEVIATIONS / share);
        let mut expected = 0.0;
        let enough = |at: &usize| {
            expected += self.expected[*at];
            expected > least
        };
        (from..self.windows.len()).find(enough).map_or(usize::MAX, |at| at + 1 - from)
    }

    fn successes(&self, from: usize, to: usize) -> f64 {
        self.counts[from..to].iter().sum::<u64>() as f64
    }

    fn expected(&self, from: usize, to: usize) -> f64 {
        self.expected[from..to].iter().sum()
    }
}

/// For how many seconds of a window a load sends.
fn sending(windows: Windows, load: &LoadSeries, at: usize) -> f64 {
    let from = windows.start(at).max(load.from_ns);
    let until = windows.end(at).min(load.until_ns);
    until.saturating_sub(from) as f64 / 1e9
}
