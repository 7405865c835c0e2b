use std::ops::Range;

use crate::format;
use crate::result::RunResult;
use crate::windows::Windows;

/// A median that is so many times what it was is worth a word.
const SLOWER: f64 = 2.0;
/// Of so many windows the middle one is told.
const LEAST: usize = 3;

/// The load whose requests take longest at the end of a stretch against before the first fault, where
/// that is much longer: its median latency then and before, in words.
pub(super) fn slower(result: &RunResult, stretch: Range<u64>) -> Option<String> {
    let windows = Windows::of(&result.series);
    let first = result.faults.iter().map(|fault| fault.start_ns).min()?;
    let late = stretch.end - (stretch.end - stretch.start) / 4;
    let loads = result.series.loads.iter().filter_map(|(name, load)| {
        let before = middle(windows.within(0, first).filter_map(|at| load.p50_ns[at]))?;
        let after = middle(windows.within(late, stretch.end).filter_map(|at| load.p50_ns[at]))?;
        Some((name, before, after, after as f64 / before.max(1) as f64))
    });
    let (name, before, after, times) = loads.max_by(|one, other| one.3.total_cmp(&other.3))?;
    let [before, after] = [before, after].map(|ns| format::duration(ns as f64));
    (times >= SLOWER).then(|| format!("p50 of {name} is {after} at last ({before} before)"))
}

fn middle(values: impl Iterator<Item = u64>) -> Option<u64> {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    (values.len() >= LEAST).then(|| values[values.len() / 2])
}
