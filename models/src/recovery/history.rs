use cascadia_runtime::Time;

use crate::measure::{Count, Ended, LoadCounters, LoadMeasured, Measured};
use crate::plan::{Arrivals, LoadPlan, Plan};

/// Standard deviations below which a count is not merely unlucky.
pub(super) const DEVIATIONS: f64 = 3.0;
/// Where so many successes are due, there is none in one of a thousand runs: e to the power of minus
/// this.
const SILENCE: f64 = 6.9;
/// Goodput below this share of what is due has fallen.
const FALLEN: f64 = 0.9;
/// That is judged over this long.
const SECOND: u64 = 1_000_000_000;

/// The successes of a load in each window, and those that were due: the share that ended in success
/// before the first fault, of what was offered. Clients that wait for their answers offer less
/// because of a loss, and of those what ended in success before the first fault is due while they
/// send.
pub(super) struct History {
    /// The beginnings of the windows, and the end of the last.
    pub(super) edges: Vec<u64>,
    pub(super) ok: Vec<u64>,
    pub(super) due: Vec<f64>,
    pub(super) slow: Vec<u64>,
    /// Whether it is known which latencies are slow.
    pub(super) knows_slow: bool,
}

impl History {
    /// Nothing where no whole window with a success lies before the first fault.
    pub(super) fn of(
        plan: &LoadPlan,
        load: &LoadMeasured,
        measured: &Measured,
        first_fault: Time,
    ) -> Option<Self> {
        let edge = |at| measured.windows.edge(at).min(measured.end).as_nanos();
        let edges: Vec<u64> = (0..=load.series.len()).map(edge).collect();
        let is_closed = matches!(plan.arrivals, Arrivals::Closed { .. });
        let exposure = |(at, window): (usize, &LoadCounters)| {
            let (from, until) = (plan.from.as_nanos(), plan.until.as_nanos());
            let sends = edges[at + 1].min(until).saturating_sub(edges[at].max(from));
            if is_closed { sends as f64 } else { window.counts[Count::Offered] as f64 }
        };
        let exposures: Vec<f64> = load.series.iter().enumerate().map(exposure).collect();
        let ok: Vec<u64> =
            load.series.iter().map(|window| window.outcomes[Ended::Ok.index()]).collect();
        let before = edges.partition_point(|edge| *edge <= first_fault.as_nanos());
        let before = before.saturating_sub(1);
        let successes: u64 = ok[..before].iter().sum();
        let exposed: f64 = exposures[..before].iter().sum();
        if successes == 0 || exposed <= 0.0 {
            return None;
        }
        let share = successes as f64 / exposed;
        Some(Self {
            edges,
            ok,
            due: exposures.iter().map(|exposure| share * exposure).collect(),
            slow: load.series.iter().map(|window| window.slow).collect(),
            knows_slow: load.knows_slow,
        })
    }

    /// The windows that lie wholly within a stretch of time.
    pub(super) fn within(&self, from: u64, until: u64) -> std::ops::Range<usize> {
        let first = self.edges.partition_point(|edge| *edge < from);
        let last = self.edges.partition_point(|edge| *edge <= until).saturating_sub(1);
        first.min(last)..last
    }

    pub(super) fn start(&self, window: usize) -> u64 {
        self.edges[window]
    }

    /// How many windows make up so many nanoseconds, or more.
    pub(super) fn windows(&self, nanos: u64) -> usize {
        let width = self.edges.get(1).map_or(1, |edge| edge - self.edges[0]).max(1);
        usize::try_from(nanos.div_ceil(width)).unwrap_or(usize::MAX)
    }

    /// Whether goodput over the windows `from..to` is measurably below a share of what was due.
    pub(super) fn is_below(&self, share: f64, from: usize, to: usize) -> bool {
        let due = self.due(from, to);
        self.ok(from, to) + DEVIATIONS * libm::sqrt(due) < share * due
    }

    /// Whether there are fewer in a window than a share of those due, be it by chance.
    fn is_less(&self, window: usize) -> bool {
        (self.ok[window] as f64) < FALLEN * self.due[window]
    }

    /// Whether measurably more than half of what succeeded in the windows `from..to` was slow.
    pub(super) fn is_slow(&self, from: usize, to: usize) -> bool {
        let slow: u64 = self.slow[from..to].iter().sum();
        let ok = self.ok(from, to);
        slow as f64 > ok / 2.0 + DEVIATIONS * libm::sqrt(ok) / 2.0
    }

    /// How many windows from `from` on it takes to tell goodput below a share of what is due from bad
    /// luck: so many that at least its loss would show. There may be fewer.
    pub(super) fn telling(&self, share: f64, from: usize) -> usize {
        let least = (DEVIATIONS / share) * (DEVIATIONS / share);
        let mut due = 0.0;
        let enough = |at: &usize| {
            due += self.due[*at];
            due > least
        };
        (from..self.due.len()).find(enough).map_or(usize::MAX, |at| at + 1 - from)
    }

    /// Nothing succeeds, where too much was due for that to be bad luck.
    pub(super) fn has_stopped(&self, from: usize, to: usize) -> bool {
        self.ok(from, to) == 0.0 && self.due(from, to) > SILENCE
    }

    pub(super) fn ok(&self, from: usize, to: usize) -> f64 {
        self.ok[from..to].iter().sum::<u64>() as f64
    }

    pub(super) fn due(&self, from: usize, to: usize) -> f64 {
        self.due[from..to].iter().sum()
    }

    /// Adds what another load did.
    fn merge(mut self, other: &Self) -> Self {
        self.ok.iter_mut().zip(&other.ok).for_each(|(mine, theirs)| *mine += theirs);
        self.due.iter_mut().zip(&other.due).for_each(|(mine, theirs)| *mine += theirs);
        self
    }
}

/// Goodput of all loads together falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Collapse {
    /// The beginning of the first window of the first second in which it is low that has less than its share.
    pub at: Time,
    /// Successes a second from there to the end of that second, or of as much longer as it takes for a loss to show.
    pub goodput: f64,
    /// Those that were due.
    pub due: f64,
}

/// When goodput has fallen first since the first fault, if it does.
pub fn collapse(plan: &Plan, measured: &Measured) -> Option<Collapse> {
    let first = plan.first_fault()?;
    let loads = plan.loads.iter().zip(&measured.loads);
    let histories = loads.filter_map(|(plan, load)| History::of(plan, load, measured, first));
    let all = histories.reduce(|all, load| all.merge(&load))?;
    let from = all.within(0, first.as_nanos()).end;
    let second = all.windows(SECOND);
    let end = |at: usize| at.saturating_add(second.max(all.telling(FALLEN, at)));
    let is_low = |at: &usize| end(*at) <= all.due.len() && all.is_below(FALLEN, *at, end(*at));
    let low = (from..all.due.len()).find(is_low)?;
    let (low, end) = (low..end(low)).find(|at| all.is_less(*at)).map(|at| (at, end(low)))?;
    let seconds = (all.edges[end] - all.edges[low]) as f64 / 1e9;
    Some(Collapse {
        at: Time::from_nanos(all.edges[low]),
        goodput: all.ok(low, end) / seconds,
        due: all.due(low, end) / seconds,
    })
}
