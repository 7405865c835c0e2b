//! What became of loads after faults.

use cascadia::result::{RecoveryKind, RecoveryResult, RunResult};
use cascadia_reports::format::{count, duration, moment, share};

use super::super::Claim;
use super::super::oracle::{first_fault, windows};
use super::{claim, told_if};

const PLACES: &[&str] = &["RECOVERY", "What happened"];
const TERMINAL: &[&str] = &["RECOVERY"];

pub(super) const HELD: &[Claim] = &[
    claim("{} ended {ended} → {}", TERMINAL, |run| {
        let ended =
            |one: &RecoveryResult| format!("*{}* ended {} → ", one.fault, moment(one.fault_end_ns));
        told(run).map(ended).collect()
    }),
    claim("after {}: {}", &["What happened"], |run| {
        told(run).map(|one| format!("after *{}*: ", one.fault)).collect()
    }),
    claim("recovered {}", PLACES, |run| {
        let back = told(run).filter(|one| one.verdict == RecoveryKind::Recovered);
        back.map(back_in_words)
            .chain(not_back(run).map(|_| "not recovered before ".to_owned()))
            .collect()
    }),
    claim("at once", TERMINAL, |run| {
        let back = told(run).filter(|one| one.verdict == RecoveryKind::Recovered);
        let at_once =
            back.filter(|one| one.goodput_after_ns == Some(0) || one.latency_after_ns == Some(0));
        at_once.map(back_in_words).collect()
    }),
    claim("after {}", TERMINAL, |run| {
        let back = told(run).filter(|one| one.verdict == RecoveryKind::Recovered);
        let later =
            back.filter(|one| one.goodput_after_ns > Some(0) || one.latency_after_ns > Some(0));
        later.map(back_in_words).collect()
    }),
    claim("in goodput {goodput}, in latency {latency}", PLACES, |run| {
        let back = told(run).filter(|one| one.verdict == RecoveryKind::Recovered);
        let apart = back.filter(|one| one.goodput_after_ns != one.latency_after_ns);
        apart.map(back_in_words).filter(|words| words.contains(" in goodput ")).collect()
    }),
    claim("{kept}not recovered before {limit}: {}", PLACES, |run| {
        let limit = |one: &RecoveryResult| format!("not recovered before *{}", until(run, one));
        not_back(run).map(limit).collect()
    }),
    claim("metastable: ", PLACES, |run| {
        let kept = told(run).filter(|one| one.verdict == RecoveryKind::Metastable);
        kept.map(|one| format!("metastable: not recovered before *{}", until(run, one))).collect()
    }),
    claim("the end of the run", TERMINAL, |run| {
        let until = |one: &RecoveryResult| format!("before {}", until(run, one));
        let open = told(run).filter(|one| one.verdict != RecoveryKind::Recovered);
        open.filter(|one| one.until.is_none()).map(until).collect()
    }),
    claim("the load changes ({name})", PLACES, |run| {
        let open = told(run).filter(|one| one.verdict != RecoveryKind::Recovered);
        open.map(|one| until(run, one)).filter(|limit| limit.contains("load changes")).collect()
    }),
    claim("too few requests before {limit} to tell whether it is over", PLACES, |run| {
        let few = told(run).filter(|one| one.verdict == RecoveryKind::TooFew);
        let words = |one: &RecoveryResult| {
            format!("too few requests before {} to tell whether it is over", until(run, one))
        };
        few.map(words).collect()
    }),
    claim("goodput is low", PLACES, |run| {
        let low = not_back(run).filter(|one| one.goodput_after_ns.is_none());
        low.map(|_| "goodput is low".to_owned()).collect()
    }),
    claim("p50 is {after} at last ({before} before)", PLACES, |run| {
        not_back(run).filter_map(|one| slower(run, one)).collect()
    }),
    claim("p50 is more than twice what it was", PLACES, |run| {
        let slow = not_back(run).filter(|one| one.goodput_after_ns.is_some());
        let slow = slow.filter(|one| slower(run, one).is_none());
        slow.map(|_| "p50 is more than twice what it was".to_owned()).collect()
    }),
    claim(COST, PLACES, |run| {
        told(run).filter(|one| is_cost(one)).map(|one| cost(run, one)).collect()
    }),
    claim(", from the beginning of {since} on", PLACES, |run| {
        let costs = told(run).filter(|one| is_cost(one));
        costs.filter_map(|one| since(run, one)).collect()
    }),
    claim("Goodput back after", &["Recoveries"], |run| {
        told_if(!run.recoveries.is_empty(), "Goodput back after")
    }),
    claim("not recovered", &["Recoveries"], |run| in_table(run, RecoveryKind::NotRecovered)),
    claim("too few requests to tell", &["Recoveries"], |run| in_table(run, RecoveryKind::TooFew)),
    claim("the load changes by plan", &["Recoveries"], |run| {
        in_table(run, RecoveryKind::OtherLoad)
    }),
];

const COST: &str =
    "; at worst {depth} of what was due came, and {lost} fewer than were due by then{since}";

/// Those of which something is said beside the table.
fn told(run: &RunResult) -> impl Iterator<Item = &RecoveryResult> {
    run.recoveries.iter().filter(|one| one.verdict != RecoveryKind::OtherLoad)
}

fn not_back(run: &RunResult) -> impl Iterator<Item = &RecoveryResult> {
    told(run)
        .filter(|one| matches!(one.verdict, RecoveryKind::NotRecovered | RecoveryKind::Metastable))
}

fn in_table(run: &RunResult, kind: RecoveryKind) -> Vec<String> {
    let all = run.recoveries.iter().filter(|one| one.verdict == kind);
    let words = match kind {
        RecoveryKind::NotRecovered => "not recovered",
        RecoveryKind::TooFew => "too few requests to tell",
        _ => "the load changes by plan",
    };
    all.map(|one| format!("{}{}{words}", one.fault, one.load)).collect()
}

/// What ended the watch.
fn until(run: &RunResult, one: &RecoveryResult) -> String {
    match &one.until {
        None => "the end of the run".to_owned(),
        Some(load) if run.loads.contains_key(load) => format!("the load changes ({load})"),
        Some(fault) => fault.clone(),
    }
}

fn back_in_words(one: &RecoveryResult) -> String {
    let words = |ns: Option<u64>| match ns {
        Some(0) => "at once".to_owned(),
        ns => format!("after {}", duration(ns.expect("it is back") as f64)),
    };
    match (words(one.goodput_after_ns), words(one.latency_after_ns)) {
        (goodput, latency) if goodput == latency => format!("recovered {goodput}"),
        (goodput, latency) => format!("recovered in goodput {goodput}, in latency {latency}"),
    }
}

fn is_cost(one: &RecoveryResult) -> bool {
    one.depth.is_some() && one.lost >= 0.5
}

/// With its figures, where it shares its line with nobody.
fn cost(run: &RunResult, one: &RecoveryResult) -> String {
    let same = told(run).filter(|other| other.fault_end_ns == one.fault_end_ns).count();
    let (depth, lost) = match same {
        1 => (share(one.depth.expect("it has one")), count(one.lost.round() as u64)),
        _ => ("*".to_owned(), "*".to_owned()),
    };
    format!("; at worst {depth} of what was due came, and {lost} fewer than were due by then")
}

/// The first of those that overlap, unless it ends with this one and so is named itself.
fn since(run: &RunResult, one: &RecoveryResult) -> Option<String> {
    let mut begin = run.faults.iter().find(|fault| fault.name == one.fault)?;
    let before = |begin: &u64| {
        let lasts =
            run.faults.iter().filter(|other| other.start_ns < *begin && other.end_ns > *begin);
        lasts.min_by_key(|other| other.start_ns)
    };
    while let Some(earlier) = before(&begin.start_ns) {
        begin = earlier;
    }
    let is_other = begin.name != one.fault && begin.end_ns != one.fault_end_ns;
    is_other.then(|| format!(", from the beginning of {} on", begin.name))
}

/// The median at last and before, where it has become twice as long at least, and three windows tell it.
fn slower(run: &RunResult, one: &RecoveryResult) -> Option<String> {
    if one.latency_after_ns.is_some() {
        return None;
    }
    let p50 = &run.series.loads[&one.load].p50_ns;
    let late = one.until_ns - (one.until_ns - one.fault_end_ns) / 4;
    let middle = |from: u64, until: u64| {
        let windows = windows(run).into_iter().enumerate();
        let within = windows.filter(|(_, (start, end))| *start >= from && *end <= until);
        let mut values: Vec<u64> = within.filter_map(|(at, _)| p50[at]).collect();
        values.sort_unstable();
        (values.len() >= 3).then(|| values[values.len() / 2])
    };
    let (before, after) = (middle(0, first_fault(run)?)?, middle(late, one.until_ns)?);
    let [was, is] = [before, after].map(|ns| duration(ns as f64));
    (after >= 2 * before).then(|| format!("p50 is {is} at last ({was} before)"))
}
