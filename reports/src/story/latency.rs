use std::ops::Range;

use crate::format;
use crate::result::RunResult;
use crate::windows::Windows;

/// A median that is so many times what it was is worth a word.
const SLOWER: u64 = 2;
/// Of so many windows the middle one is told.
const LEAST: usize = 3;

/// The median latency of a load at the end of a stretch and before the first fault, in words; nothing
/// where it is not much longer, or too few requests tell it.
pub(super) fn slower(result: &RunResult, load: &str, stretch: Range<u64>) -> Option<String> {
    let windows = Windows::of(&result.series);
    let first = result.faults.iter().map(|fault| fault.start_ns).min()?;
    let late = stretch.end - (stretch.end - stretch.start) / 4;
    let load = result.series.loads.get(load)?;
    let before = middle(windows.within(0, first).filter_map(|at| load.p50_ns[at]))?;
    let after = middle(windows.within(late, stretch.end).filter_map(|at| load.p50_ns[at]))?;
    let is_slower = after >= SLOWER * before.max(1);
    let [before, after] = [before, after].map(|ns| format::duration(ns as f64));
    is_slower.then(|| format!("p50 is {after} at last ({before} before)"))
}

fn middle(values: impl Iterator<Item = u64>) -> Option<u64> {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    (values.len() >= LEAST).then(|| values[values.len() / 2])
}
