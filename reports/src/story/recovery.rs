use super::goodput::Goodput;
use crate::format;
use crate::result::{FaultLane, RunResult};

/// Goodput is averaged over this long, unless windows are longer.
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
    /// How long after the fault's end goodput was within 5 % of the baseline for good.
    pub after_ns: Option<u64>,
}

impl Recovery {
    /// The same as a clause: `goodput within 5 % of baseline after 1.4 s`.
    pub fn text(&self) -> String {
        match self.after_ns {
            Some(0) => "goodput within 5 % of baseline at once".to_owned(),
            Some(ns) => {
                format!("goodput within 5 % of baseline after {}", format::duration(ns as f64))
            }
            None => {
                let limit = self.next_fault.as_deref().unwrap_or("the end of the run");
                format!("goodput not back to within 5 % of baseline before {limit}")
            }
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
    let back = recovered_at(goodput, first, last + 1);
    Some(Recovery {
        fault: fault.name.clone(),
        fault_end_ns: fault.end_ns,
        until_ns,
        next_fault: next.map(|next| next.name.clone()),
        after_ns: back.map(|window| match window {
            window if window == first => 0,
            window => goodput.windows.start(window) - end,
        }),
    })
}

/// The first window of `from..to` from which on no average is low.
fn recovered_at(goodput: &Goodput, from: usize, to: usize) -> Option<usize> {
    let width = goodput.windows.end(from) - goodput.windows.start(from);
    let block = usize::try_from(SMOOTH_NS.div_ceil(width)).unwrap_or(1).min(to - from);
    let low = |start: &usize| goodput.is_below(REGAINED, *start, *start + block);
    match (from..=to - block).rev().find(low) {
        None => Some(from),
        Some(start) if start + block == to => None,
        Some(start) => Some(start + 1),
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
        assert_eq!((found[0].after_ns, found[0].until_ns), (None, 130 * SECOND));
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
        assert_eq!(outage(58)[0].after_ns, Some(8 * SECOND));
        assert_eq!(outage(50)[0].text(), "goodput within 5 % of baseline at once");
        assert_eq!(outage(130)[0].after_ns, None);
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
