//! What happens, in the order of time.

use cascadia::result::{FaultLane, RunResult};
use cascadia_reports::format::rate;

use super::super::Claim;
use super::super::oracle::{first_fault, goodput, is_below, windows};
use super::{claim, told_if};

const STORY: &[&str] = &["What happened"];
/// So many that change are named.
const NAMED: usize = 5;

pub(super) const HELD: &[Claim] = &[
    claim("{} begins: {}", STORY, |run| {
        let begins = |FaultLane { name, description, .. }: &FaultLane| {
            format!("{name} begins: {description}")
        };
        run.faults.iter().map(begins).collect()
    }),
    claim("{} ends", STORY, |run| {
        let ended = run.faults.iter().filter(|fault| fault.end_ns < run.simulated_ns);
        ended.map(|fault| format!("{} ends", fault.name)).collect()
    }),
    claim("opens for the first time", STORY, |run| first(run, "open", "opens for the first time")),
    claim("goes down for the first time", STORY, |run| {
        first(run, "down", "goes down for the first time")
    }),
    claim("{more} more: each {verb} from here on", STORY, |run| {
        let verbs =
            [("open", "opens for the first time"), ("down", "goes down for the first time")];
        let more = verbs.iter().filter_map(|(state, verb)| {
            let more = changed(run, state).len().checked_sub(NAMED).filter(|more| *more > 0)?;
            Some(format!("{more} more: each {verb} from here on"))
        });
        more.collect()
    }),
    claim("No fault was injected, no breaker opened and no instance went down.", STORY, |run| {
        let is_calm = run.faults.is_empty()
            && changed(run, "open").is_empty()
            && changed(run, "down").is_empty();
        told_if(is_calm, "No fault was injected, no breaker opened and no instance went down.")
    }),
    claim("goodput falls to {}, where the load lets {} be expected", STORY, |run| {
        collapse(run).into_iter().collect()
    }),
];

/// When and what came into a state for the first time, the earliest first.
fn changed<'a>(run: &'a RunResult, state: &str) -> Vec<(u64, &'a str)> {
    let firsts = run.states.iter().filter_map(|lane| {
        let change = lane.changes.iter().find(|change| change.state == state)?;
        Some((change.at_ns, &*lane.name))
    });
    let mut firsts: Vec<_> = firsts.collect();
    firsts.sort_unstable();
    firsts
}

fn first(run: &RunResult, state: &str, verb: &str) -> Vec<String> {
    let changed = changed(run, state);
    let named = changed.iter().take(NAMED).map(|(_, name)| format!("{name} {verb}"));
    let more = (changed.len() > NAMED).then(|| format!("more: each {verb} from here on"));
    named.chain(more).collect()
}

/// The first second since the first fault in which measurably less than 90 % of all that was due came.
fn collapse(run: &RunResult) -> Option<String> {
    let (first, windows) = (first_fault(run)?, windows(run));
    let all: Vec<_> = run.series.loads.values().filter_map(|load| goodput(run, load)).collect();
    if all.is_empty() {
        return None;
    }
    let sums = |at: usize| {
        let one = all.iter().map(|(ok, due)| (ok[at], due[at]));
        one.fold((0, 0.0), |(oks, dues), (ok, due)| (oks + ok, dues + due))
    };
    // What came before each window, and was due.
    let before = (0..windows.len()).scan((0, 0.0), |(oks, dues), at| {
        let (ok, due) = sums(at);
        (*oks, *dues) = (*oks + ok, *dues + due);
        Some((*oks, *dues))
    });
    let before: Vec<(u64, f64)> = std::iter::once((0, 0.0)).chain(before).collect();
    let sum = |from: usize, to: usize| {
        ((before[to].0 - before[from].0) as f64, before[to].1 - before[from].1)
    };
    // Over a second, or so long that at least 100/9 were due.
    let ends = |from: usize| {
        let is_end = |to: &usize| {
            windows[to - 1].1 >= windows[from].0 + 1_000_000_000 && sum(from, *to).1 > 100.0 / 9.0
        };
        (from + 1..=windows.len()).find(is_end)
    };
    let from = windows.iter().take_while(|(_, end)| *end <= first).count();
    let (low, end) = (from..windows.len()).find_map(|from| {
        let end = ends(from)?;
        let (ok, due) = sum(from, end);
        is_below(ok, due, 0.9).then_some((from, end))
    })?;
    let low = (low..end).find(|at| (sums(*at).0 as f64) < 0.9 * sums(*at).1)?;
    let seconds = (windows[end - 1].1 - windows[low].0) as f64 / 1e9;
    let (ok, due) = sum(low, end);
    let (ok, due) = (ok / seconds, due / seconds);
    Some(format!("goodput falls to {}, where the load lets {} be expected", rate(ok), rate(due)))
}
