use crate::result::{LoadSeries, OutcomeKind, RunResult};
use crate::windows::Windows;

/// Standard deviations below which a count is not merely unlucky.
const DEVIATIONS: f64 = 3.0;

/// Where so many successes are expected, there is none in one of a thousand runs: e to the power of minus this.
const SILENCE: f64 = 6.9;

/// Goodput of all loads together against what was to be expected of them: the share that ended in
/// success before the first fault, of what is offered at each moment. So a load that changes by plan
/// is no loss. Clients that wait for their answers offer less because of a loss, and of those what
/// ended in success before the first fault is expected while they send.
pub(super) struct Goodput {
    pub(super) windows: Windows,
    counts: Vec<u64>,
    /// Successes that are to be expected in each window.
    expected: Vec<f64>,
}

impl Goodput {
    /// Nothing where no whole window, or no success, lies before the first fault.
    pub(super) fn of(result: &RunResult) -> Option<Self> {
        Self::sum(result, result.series.loads.values())
    }

    /// That of one load.
    pub(super) fn of_load(result: &RunResult, load: &LoadSeries) -> Option<Self> {
        Self::sum(result, std::iter::once(load))
    }

    fn sum<'a>(result: &RunResult, loads: impl Iterator<Item = &'a LoadSeries>) -> Option<Self> {
        let windows = Windows::of(&result.series);
        let first = result.faults.iter().map(|fault| fault.start_ns).min()?;
        let (counts, expected) = (vec![0; windows.len()], vec![0.0; windows.len()]);
        let mut goodput = Self { windows, counts, expected };
        let known = loads.filter(|load| goodput.add(load, first)).count();
        (known > 0).then_some(goodput)
    }

    /// Adds a load that has succeeded before `first`. Of others nothing is to be expected.
    fn add(&mut self, load: &LoadSeries, first: u64) -> bool {
        let Some(ok) = load.outcomes.get(&OutcomeKind::Ok) else { return false };
        let before = || self.windows.within(0, first);
        let successes = before().map(|at| ok[at]).sum::<u64>() as f64;
        let offered = before().map(|at| load.offered[at]).sum::<u64>() as f64;
        let sending: f64 = before().map(|at| self.sending(load, at)).sum();
        if successes == 0.0 || offered == 0.0 || sending == 0.0 {
            return false;
        }
        let share = successes / if load.open { offered } else { sending };
        for (at, ok) in ok.iter().enumerate() {
            let due = if load.open { load.offered[at] as f64 } else { self.sending(load, at) };
            self.counts[at] += ok;
            self.expected[at] += share * due;
        }
        true
    }

    /// For how many seconds of a window a load sends.
    fn sending(&self, load: &LoadSeries, at: usize) -> f64 {
        let from = self.windows.start(at).max(load.from_ns);
        let until = self.windows.end(at).min(load.until_ns);
        until.saturating_sub(from) as f64 / 1e9
    }

    /// Successful requests per second over the windows `from..to`.
    pub(super) fn rate(&self, from: usize, to: usize) -> f64 {
        self.successes(from, to) / self.seconds(from, to)
    }

    /// Those that were to be expected.
    pub(super) fn expected_rate(&self, from: usize, to: usize) -> f64 {
        self.expected(from, to) / self.seconds(from, to)
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

    /// Nothing succeeds, where too much was to be expected for that to be bad luck.
    pub(super) fn has_stopped(&self, from: usize, to: usize) -> bool {
        self.successes(from, to) == 0.0 && self.expected(from, to) > SILENCE
    }

    pub(super) fn successes(&self, from: usize, to: usize) -> f64 {
        self.counts[from..to].iter().sum::<u64>() as f64
    }

    fn expected(&self, from: usize, to: usize) -> f64 {
        self.expected[from..to].iter().sum()
    }

    fn seconds(&self, from: usize, to: usize) -> f64 {
        (from..to).map(|at| self.windows.seconds(at)).sum()
    }
}
