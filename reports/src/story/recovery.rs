use std::ops::Range;

use super::goodput::Goodput;
use super::latency::slower;
use crate::format;
use crate::result::{FaultLane, RunResult};

/// Goodput is averaged over this long, or longer where windows are longer or requests are few.
const SMOOTH_NS: u64 = 5_000_000_000;
/// The share of the baseline that goodput must regain.
const REGAINED: f64 = 0.95;

/// What became of goodput after a fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// The fault.
    pub fault: String,
    /// When it ended.
    pub fault_end_ns: u64,
    /// How long goodput was watched: up to the next fault, or to the end of the run.
    pub until_ns: u64,
    /// The fault that ended the watch.
    pub next_fault: Option<String>,
    /// Whether and when goodput was back.
    pub back: Back,
    /// What is said of latency, where goodput is back and that is not.
    pub slower: Option<String>,
}

/// Whether goodput was within 5 % of the baseline for good while it was watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// So many nanoseconds after the fault's end.
    After(u64),
    /// It was not.
    Never,
    /// Too few requests came to tell.
    Unknown,
}

impl Recovery {
    /// The same as a clause: `goodput within 5 % of baseline after 1.4 s`.
    pub fn text(&self) -> String {
        let limit = self.next_fault.as_deref().unwrap_or("the end of the run");
        let but = self.slower.as_ref().map_or_else(String::new, |slower| format!(", but {slower}"));
        match self.back {
            Back::After(0) => format!("goodput within 5 % of baseline at once{but}"),
            Back::After(ns) => {
                let after = format::duration(ns as f64);
                format!("goodput within 5 % of baseline after {after}{but}")
            }
            Back::Never => format!("goodput not back to within 5 % of baseline before {limit}"),
            Back::Unknown => format!("too few requests before {limit} to tell whether it is over"),
        }
    }
}

/// For each fault that ended within the run, when goodput recovered from it.
///
/// A fault has no entry where there is no baseline, or where another fault begins before it ends
/// or before anything could be seen of a recovery.
pub fn recoveries(result: &RunResult) -> Vec<Recovery> {
    let Some(goodput) = Goodput::of(result) else { return Vec::new() };
    let mut found: Vec<Recovery> =
        result.faults.iter().filter_map(|fault| recovery(result, &goodput, fault)).collect();
    found.sort_by_key(|recovery| recovery.fault_end_ns);
    found
}

fn recovery(result: &RunResult, goodput: &Goodput, fault: &FaultLane) -> Option<Recovery> {
    let end = fault.end_ns.max(result.series.start_ns);
    let overlapped = |other: &FaultLane| other.start_ns <= end && other.end_ns > fault.end_ns;
    if result.faults.iter().any(overlapped) {
        return None;
    }
    let next = result
        .faults
        .iter()
        .filter(|other| other.start_ns > end && other.start_ns < result.series.end_ns)
        .min_by_key(|other| other.start_ns);
    let until_ns = next.map_or(result.series.end_ns, |next| next.start_ns);
    let seen: Vec<usize> = goodput.windows.within(end, until_ns).collect();
    let (&first, &last) = (seen.first()?, seen.last()?);
    Some(Recovery {
        fault: fault.name.clone(),
        fault_end_ns: fault.end_ns,
        until_ns,
        next_fault: next.map(|next| next.name.clone()),
        back: back(goodput, first..last + 1, end),
        slower: slower(result, end..until_ns),
    })
}

/// Whether and when in `windows` the averages are no longer low, counted from `end`.
fn back(goodput: &Goodput, windows: Range<usize>, end: u64) -> Back {
    let Range { start: from, end: to } = windows;
    let telling = goodput.telling(REGAINED, from);
    if goodput.has_stopped(from, to) {
        return Back::Never;
    }
    if telling > to - from {
        return Back::Unknown;
    }
    let width = goodput.windows.end(from) - goodput.windows.start(from);
    let smooth = usize::try_from(SMOOTH_NS.div_ceil(width)).unwrap_or(1).min(to - from);
    let block = smooth.max(telling);
    let low = |start: &usize| goodput.is_below(REGAINED, *start, *start + block);
    match (from..=to - block).rev().find(low) {
        None => Back::After(0),
        Some(start) if start + block == to => Back::Never,
        Some(start) => Back::After(goodput.windows.start(start + 1) - end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{SECOND, storm};
    use crate::result::OutcomeKind;

    #[test]
    fn a_collapse_is_not_a_recovery() {
        let found = recoveries(&storm());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].back, found[0].until_ns), (Back::Never, 130 * SECOND));
    }

    #[test]
    fn what_is_back_and_slow_is_told_to_be_slow() {
        let slow = |times: u64| {
            let mut run = storm();
            let load = run.series.loads.get_mut("shoppers").expect("the fixture has this load");
            load.outcomes.insert(OutcomeKind::Ok, load.offered.clone());
            let of = |at: u64| Some(if at < 15 { 9_000_000 } else { 9_000_000 * times });
            load.p50_ns = (0..60).map(of).collect();
            recoveries(&run)[0].text()
        };
        assert_eq!(
            slow(48),
            "goodput within 5 % of baseline at once, but p50 of shoppers is 432 ms at last (9 ms before)"
        );
        assert_eq!(slow(1), "goodput within 5 % of baseline at once");
    }

    /// Goodput is zero from 40 s up to `back` seconds, and steady otherwise.
    fn outage(back: u64) -> Vec<Recovery> {
        let mut run = storm();
        let load = run.series.loads.get_mut("shoppers").expect("the fixture has this load");
        let ok = (0..60u64).map(|at| if (15..(back - 10) / 2).contains(&at) { 0 } else { 2400 });
        load.outcomes.insert(OutcomeKind::Ok, ok.collect());
        recoveries(&run)
    }

    #[test]
    fn recovery_is_timed_from_the_end_of_the_fault() {
        assert_eq!(outage(58)[0].back, Back::After(8 * SECOND));
        assert!(outage(50)[0].text().starts_with("goodput within 5 % of baseline at once"));
        assert_eq!(outage(130)[0].back, Back::Never);
    }

    /// A steady load of one request in `every` windows, of which the answers stop at 50 s, when the
    /// fault ends, and come again at `back` seconds.
    fn faint(every: u64, back: u64) -> Back {
        let mut run = storm();
        let load = run.series.loads.get_mut("shoppers").expect("the fixture has this load");
        let answered = |at: u64| !(20..(back - 10) / 2).contains(&at) && at.is_multiple_of(every);
        load.outcomes.insert(OutcomeKind::Ok, (0..60).map(|at| u64::from(answered(at))).collect());
        recoveries(&run)[0].back
    }

    #[test]
    fn however_faint_the_load_silence_is_no_recovery() {
        for every in [1, 2, 3, 5] {
            assert_eq!(faint(every, 130), Back::Never, "one request in {every} windows");
        }
    }

    /// From `at` seconds on a share of the load is offered, and answered as before.
    fn planned(at: u64, share: f64, open: bool) -> Back {
        let mut run = storm();
        let load = run.series.loads.get_mut("shoppers").expect("the fixture has this load");
        let count =
            |window: u64| if window < (at - 10) / 2 { 2400 } else { (2400.0 * share) as u64 };
        load.offered = (0..60).map(count).collect();
        load.outcomes.insert(OutcomeKind::Ok, (0..60).map(count).collect());
        load.open = open;
        recoveries(&run)[0].back
    }

    #[test]
    fn a_load_that_changes_by_plan_is_no_loss() {
        for share in [0.01, 0.3, 0.9, 1.0, 3.0] {
            assert_eq!(planned(60, share, true), Back::After(0), "{share}");
        }
        assert_eq!(planned(60, 0.0, true), Back::After(0), "it was back before the load ended");
        assert_eq!(planned(46, 0.0, true), Back::Unknown, "nothing is offered after the fault");
    }

    #[test]
    fn clients_that_wait_longer_are_a_loss() {
        assert_eq!(planned(60, 0.5, false), Back::Never);
        assert_eq!(planned(60, 1.0, false), Back::After(0));
    }

    #[test]
    fn what_too_few_requests_do_not_show_is_not_said() {
        assert_eq!(faint(1, 50), Back::After(0));
        assert_eq!(faint(5, 50), Back::Unknown);
        assert!(matches!(faint(1, 100), Back::After(after) if after > 0));
    }

    #[test]
    fn the_next_fault_ends_the_watch() {
        let mut run = storm();
        run.faults.push(FaultLane {
            name: "zone-loss".to_owned(),
            description: String::new(),
            start_ns: 60 * SECOND,
            end_ns: u64::MAX,
        });
        let found = recoveries(&run);
        assert_eq!(found.len(), 1);
        assert!(found[0].text().ends_with("before zone-loss"));
    }

    #[test]
    fn without_faults_or_baseline_nothing_is_said() {
        let mut run = storm();
        run.faults[0].start_ns = 0;
        assert!(recoveries(&run).is_empty());
        run.faults.clear();
        assert!(recoveries(&run).is_empty());
    }
}
