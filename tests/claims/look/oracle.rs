//! What the figures of a result show, worked out from its series.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::ops::Deref;

use cascadia::result::{LoadResult, LoadSeries, OutcomeKind, RunResult};

/// A run, and what is worked out of it once for all claims.
pub(super) struct Case<'a> {
    run: &'a RunResult,
    fell: OnceCell<Vec<Fell>>,
    /// What brought it down, if anything did.
    pub(super) culprit: OnceCell<Option<Culprit>>,
}

/// A cause by the kind of its sentence, the sentence as far as it is known, and a part of it that says how.
#[derive(Clone)]
pub(super) struct Culprit {
    pub(super) kind: &'static str,
    pub(super) text: String,
    pub(super) how: String,
}

impl<'a> Case<'a> {
    pub(super) fn new(run: &'a RunResult) -> Self {
        Self { run, fell: OnceCell::new(), culprit: OnceCell::new() }
    }

    /// The services that fell, the earliest first; of those that fell together, who is farthest from the loads.
    pub(super) fn fell(&self) -> &[Fell] {
        self.fell.get_or_init(|| {
            let names = self.series.services.keys();
            let mut fell: Vec<Fell> = names.filter_map(|name| fall(self, name)).collect();
            let depth = |name: &String| {
                let place = |load: &LoadResult| load.reaches.iter().position(|at| at == name);
                self.loads.values().filter_map(place).max()
            };
            fell.sort_by_key(|one| (one.at, Reverse(depth(&one.service))));
            fell
        })
    }
}

impl Deref for Case<'_> {
    type Target = RunResult;

    fn deref(&self) -> &RunResult {
        self.run
    }
}

/// The beginning and the end of each window, in nanoseconds.
pub(super) fn windows(result: &RunResult) -> Vec<(u64, u64)> {
    let series = &result.series;
    let mut windows = Vec::new();
    let mut start = series.start_ns;
    while start < series.end_ns && series.window_ns > 0 {
        windows.push((start, (start + series.window_ns).min(series.end_ns)));
        start += series.window_ns;
    }
    windows
}

pub(super) fn first_fault(result: &RunResult) -> Option<u64> {
    result.faults.iter().map(|fault| fault.start_ns).min()
}

/// For how long a load asks in each window, or how often if it asks whatever comes of it.
pub(super) fn asked(result: &RunResult, load: &LoadSeries) -> Vec<f64> {
    let sends = |(at, (start, end)): (usize, &(u64, u64))| match load.open {
        true => load.offered[at] as f64,
        false => (*end).min(load.until_ns).saturating_sub((*start).max(load.from_ns)) as f64,
    };
    windows(result).iter().enumerate().map(sends).collect()
}

/// Successes of a load in each window, and those that were to be expected from what came before the first fault.
pub(super) fn goodput(result: &RunResult, load: &LoadSeries) -> Option<(Vec<u64>, Vec<f64>)> {
    let first = first_fault(result)?;
    let before = windows(result).iter().take_while(|(_, end)| *end <= first).count();
    let ok = load.outcomes.get(&OutcomeKind::Ok)?.clone();
    let asked = asked(result, load);
    let (came, base) = (ok[..before].iter().sum::<u64>(), asked[..before].iter().sum::<f64>());
    let share = came as f64 / base;
    (came > 0 && base > 0.0).then(|| (ok, asked.iter().map(|asked| share * asked).collect()))
}

/// A sum is measurably below a share of what was expected.
pub(super) fn is_below(sum: f64, expected: f64, share: f64) -> bool {
    sum + 3.0 * expected.sqrt() < share * expected
}

/// A service that gave less than half of its answers: when it did so first, and from when on no more.
pub(super) struct Fell {
    pub(super) service: String,
    pub(super) at: u64,
    pub(super) back: Option<u64>,
}

fn fall(result: &RunResult, name: &String) -> Option<Fell> {
    let (first, windows) = (first_fault(result)?, windows(result));
    let useful = &result.series.services[name].useful;
    let before = windows.iter().take_while(|(_, end)| *end <= first).count();
    let answers: u64 = useful[..before].iter().sum();
    if answers == 0 || useful.len() != windows.len() {
        return None;
    }
    let seconds = |at: usize| (windows[at].1 - windows[at].0) as f64 / 1e9;
    let rate = answers as f64 / (0..before).map(seconds).sum::<f64>();
    let reach = result.loads.iter().filter(|(_, load)| load.reaches.contains(name));
    let shares = reach.filter_map(|(load, _)| {
        let asked = asked(result, &result.series.loads[load]);
        let pace = |at: usize| asked[at] / seconds(at);
        let base = (0..before).map(pace).sum::<f64>() / before as f64;
        (base > 0.0).then(|| (0..windows.len()).map(|at| pace(at) / base).collect::<Vec<_>>())
    });
    let shares: Vec<Vec<f64>> = shares.collect();
    let share = |at: usize| shares.iter().map(|share| share[at]).reduce(f64::min).unwrap_or(0.0);
    let expected: Vec<f64> = (0..windows.len()).map(|at| rate * seconds(at) * share(at)).collect();
    // A window, with as many more as it takes for the loss of a half to show.
    let enough = |from: usize| {
        (from + 1..=windows.len()).find(|to| expected[from..*to].iter().sum::<f64>() > 36.0)
    };
    let lacks = |at: &usize| (useful[*at] as f64) < 0.5 * expected[*at];
    let low = |from: usize| {
        let enough = enough(from)?;
        // That long, a second, and five, as far as there are so many.
        let longer = [1, 5].map(|seconds| {
            let until = windows[from].0 + seconds * 1_000_000_000;
            (enough..=windows.len()).find(|to| windows[to - 1].0 + result.series.window_ns >= until)
        });
        let ends = [Some(enough)].into_iter().chain(longer).flatten();
        let mut low = ends.filter(|to| {
            let came = useful[from..*to].iter().sum::<u64>() as f64;
            is_below(came, expected[from..*to].iter().sum(), 0.5)
        });
        let without: Vec<usize> = (from..low.next()?).filter(lacks).collect();
        Some((*without.first()?, *without.last()? + 1))
    };
    let from = windows.iter().position(|(_, end)| *end > first)?;
    let low: Vec<_> = (from..windows.len()).filter_map(low).collect();
    let (at, end) = (low.first()?.0, low.iter().map(|(_, end)| *end).max()?);
    let is_back = end < windows.len() && enough(end).is_some();
    let back = is_back.then(|| windows[end].0);
    Some(Fell { service: name.clone(), at: windows[at].0, back })
}
