use cascadia_runtime::Time;

use super::back::{Back, REGAINED, back};
use super::history::History;
use super::overload::overload;
use super::verdict::{Limit, Overload, Recovery, Verdict};
use crate::ids::LoadId;
use crate::measure::Measured;
use crate::plan::{FaultPlan, Plan};

/// How deep goodput fell is told of this long.
const DEPTH: u64 = 1_000_000_000;

/// What became of a load after a fault; nothing where another fault lasts when it ends, or where
/// nothing can be seen before something else happens.
pub(super) fn watch(
    plan: &Plan,
    measured: &Measured,
    history: &History,
    (index, fault): (usize, &FaultPlan),
    load: LoadId,
) -> Option<Recovery> {
    let end = fault.end.max(measured.windows.start);
    let lasts = |other: &FaultPlan| other.start <= end && other.end > fault.end;
    if fault.end >= measured.end || plan.faults.iter().any(lasts) {
        return None;
    }
    let (until, limit) = limit(plan, measured.end, end);
    let from = end.as_nanos();
    let seen = history.within(from, until.as_nanos());
    if seen.is_empty() {
        return None;
    }
    let verdict = match is_other_load(plan, fault) {
        true => Verdict::OtherLoad,
        false => verdict(back(history, seen, from), || overload(plan, measured, end, until)),
    };
    let since = since(plan, index);
    let begin = plan.faults[since].start;
    let back = verdict.back().map_or(until.as_nanos(), |after| from + after);
    let stretch = history.within(begin.as_nanos(), back.max(fault.end.as_nanos()));
    let (ok, due) =
        (history.ok(stretch.start, stretch.end), history.due(stretch.start, stretch.end));
    let depth = depth(history, stretch);
    let lost = (due - ok).max(0.0);
    Some(Recovery { fault: index, since, load, until, limit, verdict, depth, lost })
}

fn verdict(
    (goodput, latency): (Back, Back),
    overload: impl FnOnce() -> Option<Overload>,
) -> Verdict {
    match (goodput, latency) {
        (Back::After(goodput), Back::After(latency)) => Verdict::Recovered { goodput, latency },
        (Back::Never, _) | (_, Back::Never) => Verdict::NotRecovered {
            goodput: goodput.after(),
            latency: latency.after(),
            sustained: overload(),
        },
        (Back::Unknown, _) | (_, Back::Unknown) => Verdict::TooFew,
    }
}

/// The first to begin of the faults that overlap with one, each with the next.
fn since(plan: &Plan, fault: usize) -> usize {
    let start = |at: usize| plan.faults[at].start;
    let mut first = fault;
    let lasts = |other: &usize, first| {
        start(*other) < start(first) && plan.faults[*other].end > start(first)
    };
    while let Some(other) =
        (0..plan.faults.len()).filter(|other| lasts(other, first)).min_by_key(|at| start(*at))
    {
        first = other;
    }
    first
}

/// The first thing after `end` that ends a watch, and when it does.
fn limit(plan: &Plan, over: Time, end: Time) -> (Time, Limit) {
    let faults = plan.faults.iter().enumerate();
    let faults = faults.map(|(at, fault)| (fault.start, Limit::Fault(at)));
    let loads = plan.loads.iter().zip((0..).map(LoadId));
    let loads =
        loads.flat_map(|(load, id)| [load.from, load.until].map(|at| (at, Limit::Load(id))));
    let changes = faults.chain(loads).filter(|(at, _)| *at > end && *at < over);
    changes.min_by_key(|(at, _)| *at).unwrap_or((over, Limit::End))
}

/// Whether a load has begun or ended since the first fault began.
fn is_other_load(plan: &Plan, fault: &FaultPlan) -> bool {
    let first = plan.first_fault().unwrap_or(fault.start);
    let is_since = |at: Time| at > first && at <= fault.end;
    plan.loads.iter().any(|load| is_since(load.from) || is_since(load.until))
}

/// The least share of what was due in a stretch of windows, where it is measurably less than all.
fn depth(history: &History, stretch: std::ops::Range<usize>) -> Option<f64> {
    let block = history.telling(REGAINED, stretch.start).max(history.windows(DEPTH));
    let last = stretch.end.checked_sub(block)?;
    let share = |start: usize| {
        let share = history.ok(start, start + block) / history.due(start, start + block);
        history.is_below(REGAINED, start, start + block).then_some(share)
    };
    (stretch.start..=last).filter_map(share).reduce(f64::min)
}
