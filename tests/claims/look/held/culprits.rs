//! What brought a run down.

use cascadia::result::{CheckStatus, FaultLane, LoadResult, RunResult};
use cascadia_reports::format::{duration, moment, number, share};

use super::super::Claim;
use super::super::oracle::{Case, Culprit, Fell, goodput, is_below, windows};
use super::causes::commonest;
use super::claim;
use super::messages::told as of_components;

const PLACES: &[&str] = &["CAUSE", "What happened"];
const SECOND: u64 = 1_000_000_000;

pub(super) const HELD: &[Claim] = &[
    claim(
        "While {service} is down, {share} of its busy time goes into refusing: saying no leaves it too little to answer.",
        PLACES,
        |run| whole(run, &["refusing"]),
    ),
    claim(
        "{service} stays down {until}, as {wasted} of its work is for callers that had gone, and what is still waited for comes behind it.",
        PLACES,
        |run| whole(run, &["backlog"]),
    ),
    claim("for {} after {} ends", &["CAUSE"], |run| how_it_is(run, "backlog", "for ")),
    claim("until the end of the run, long after {} ends", PLACES, |run| {
        how_it_is(run, "backlog", "until ")
    }),
    claim(
        "{} ({}) takes {name} with it, which never come to {origin}: from {} on they fail at {place}, {how}.",
        PLACES,
        |run| whole(run, &["bystander"]),
    ),
    claim("which gets {times} times the requests of before", PLACES, |run| {
        how_it_is(run, "bystander", "which gets ")
    }),
    claim("where {} of the workers are taken", PLACES, |run| how_it_is(run, "bystander", "where ")),
    claim("{share} of the failures of {name} have this cause: {}.", &["What happened"], |run| {
        let storm = run.recoveries.iter().any(|one| one.sustained.is_some());
        let requests = run.checks.iter().any(|check| {
            check.status == CheckStatus::Failed && !run.components.contains_key(&check.subject)
        });
        let is_told = !storm && culprit(run).is_none() && (requests || run.checks.is_empty());
        let is_wrong = |name: &String| {
            let mut failed = run.checks.iter().filter(|check| check.status == CheckStatus::Failed);
            failed.any(|check| check.subject == *name)
        };
        let some = run.loads.keys().any(is_wrong);
        let loads = run.loads.iter().filter(|(name, _)| !some || is_wrong(name));
        let worst = loads.max_by(|one, other| failed(one.1).total_cmp(&failed(other.1)));
        let worst = worst.filter(|(_, load)| is_told && failed(load) >= 0.01);
        worst.and_then(|(name, load)| commonest(name, load)).into_iter().collect()
    }),
];

/// What is told, where it is of one of these kinds.
pub(super) fn whole(run: &Case<'_>, kinds: &[&str]) -> Vec<String> {
    let told = culprit(run).filter(|found| kinds.contains(&found.kind));
    told.map(|found| found.text.clone()).into_iter().collect()
}

/// The part of it that says how, where that begins so.
fn how_it_is(run: &Case<'_>, kind: &str, begin: &str) -> Vec<String> {
    let told = culprit(run).filter(|found| found.kind == kind && found.how.starts_with(begin));
    told.map(|found| found.how.clone()).into_iter().collect()
}

/// What brought a run down, unless a storm says already what keeps it up.
fn culprit<'a>(run: &'a Case<'_>) -> Option<&'a Culprit> {
    let found = run.culprit.get_or_init(|| {
        let of = |kind, (text, how)| Culprit { kind, text, how };
        let plain = |kind, text: String| Culprit { kind, text, how: String::new() };
        is_open(run).then_some(())?;
        let down = refusing(run).map(|text| plain("refusing", text));
        let down = down.or_else(|| backlog(run).map(|found| of("backlog", found)));
        let down = down.or_else(|| bystander(run).map(|found| of("bystander", found)));
        down.or_else(|| of_components(run).map(|(kind, text)| plain(kind, text)))
    });
    found.as_ref()
}

/// No storm says already what keeps it up.
fn is_open(run: &RunResult) -> bool {
    let storm = run.recoveries.iter().find_map(|one| one.sustained.as_ref());
    storm.is_none_or(|of| {
        let vain = of.wasted_share.max(of.refusing_share);
        !of.retries && !of.copies && vain < 0.05
    })
}

fn failed(load: &LoadResult) -> f64 {
    load.causes.iter().map(|cause| cause.count).sum::<u64>() as f64 / load.offered.max(1) as f64
}

/// The windows that lie wholly between two moments.
fn within(run: &RunResult, from: u64, until: u64) -> Vec<usize> {
    let windows = windows(run).into_iter().enumerate();
    windows.filter(|(_, (start, end))| *start >= from && *end <= until).map(|(at, _)| at).collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn refusing(run: &Case<'_>) -> Option<String> {
    run.fell().iter().find_map(|Fell { service, at, back }| {
        let figure = run.series.services[service].figures.get("refusing_share")?;
        let down = within(run, *at, back.unwrap_or(run.series.end_ns));
        let shares: Vec<f64> = down.iter().filter_map(|at| figure[*at]).collect();
        let mean = mean(&shares).filter(|mean| *mean >= 0.25)?;
        Some(format!(
            "While {service} is down, {} of its busy time goes into refusing: ",
            share(mean)
        ))
    })
}

/// The whole, and how long it lasts.
fn backlog(run: &Case<'_>) -> Option<(String, String)> {
    let last = run.faults.iter().max_by_key(|fault| fault.end_ns)?;
    run.fell().iter().find_map(|Fell { service, back, .. }| {
        let until = back.unwrap_or(run.series.end_ns);
        let least = (10 * SECOND).max(2 * run.series.window_ns);
        let lingers = until.checked_sub(last.end_ns).filter(|lingers| *lingers >= least)?;
        let series = &run.series.services[service];
        let late = within(run, last.end_ns, until);
        let late = late.iter().filter(|at| **at >= first_down(run, service));
        let (mut vain, mut busy) = (0.0, 0.0);
        for at in late {
            vain += series.in_service_mean[*at] * series.wasted_share[*at].unwrap_or(0.0);
            busy += series.in_service_mean[*at];
        }
        let wasted = (busy > 0.0).then(|| vain / busy).filter(|wasted| *wasted >= 0.5)?;
        let until = match back {
            Some(_) => format!("for {} after {} ends", duration(lingers as f64), last.name),
            None => format!("until the end of the run, long after {} ends", last.name),
        };
        let wasted = share(wasted);
        let whole = format!(
            "{service} stays down {until}, as {wasted} of its work is for callers that had gone"
        );
        Some((whole, until))
    })
}

/// The window in which a service fell.
fn first_down(run: &Case<'_>, service: &str) -> usize {
    let at = run.fell().iter().find(|one| one.service == service).map_or(0, |one| one.at);
    windows(run).iter().position(|(start, _)| *start >= at).unwrap_or(0)
}

/// The whole, and how they fail.
fn bystander(run: &RunResult) -> Option<(String, String)> {
    run.loads.iter().find_map(|(name, load)| {
        let place = &load.causes.first().filter(|_| failed(load) >= 0.01)?.callee;
        let is_spared = run.faults.iter().all(|fault| {
            let hit = services(run, fault);
            hit.is_empty() || hit.iter().any(|hit| !load.reaches.contains(hit))
        });
        let both = |hit: &&String| {
            let mut loads = run.loads.values();
            loads.any(|load| load.reaches.contains(hit) && load.reaches.contains(place))
        };
        let (fault, origin) = run.faults.iter().find_map(|fault| {
            let hit = services(run, fault).into_iter();
            let origin = hit.filter(|hit| !load.reaches.contains(hit)).find(both)?;
            Some((fault, origin))
        })?;
        let from = harmed(run, name, fault)?;
        let how = how(run, place, from).filter(|_| is_spared)?;
        let FaultLane { name: fault, description, .. } = fault;
        let whole = format!(
            "{fault} ({description}) takes {name} with it, which never come to {origin}: from {} on they fail at {place}, {how}.",
            moment(from)
        );
        Some((whole, how))
    })
}

fn services<'a>(run: &RunResult, fault: &'a FaultLane) -> Vec<&'a String> {
    fault.hits.iter().filter(|hit| run.services.contains_key(*hit)).collect()
}

/// When a load first had measurably less than 90 % of what was due, since a fault began.
fn harmed(run: &RunResult, load: &str, fault: &FaultLane) -> Option<u64> {
    let (ok, due) = goodput(run, &run.series.loads[load])?;
    let windows = windows(run);
    let from = windows.iter().position(|(_, end)| *end > fault.start_ns)?;
    let low = (from..windows.len()).find(|from| {
        let enough = |to: &usize| due[*from..*to].iter().sum::<f64>() > 100.0 / 9.0;
        (from + 1..=windows.len()).find(enough).is_some_and(|to| {
            let came = ok[*from..to].iter().sum::<u64>() as f64;
            is_below(came, due[*from..to].iter().sum(), 0.9)
        })
    });
    low.map(|at| windows[at].0)
}

/// What is so of a service in the five seconds from a moment on.
fn how(run: &RunResult, service: &str, from: u64) -> Option<String> {
    let (series, windows) = (run.series.services.get(service)?, windows(run));
    let rate = |at: &usize| {
        let (start, end) = windows[*at];
        series.arrivals[*at] as f64 * 1e9 / (end - start) as f64
    };
    let first = run.faults.iter().map(|fault| fault.start_ns).min()?;
    let since = within(run, from, from + (5 * SECOND).max(2 * run.series.window_ns));
    let rates = |within: &[usize]| mean(&within.iter().map(rate).collect::<Vec<_>>());
    let (before, after) = (rates(&within(run, 0, first))?, rates(&since)?);
    if after >= 1.5 * before {
        let times = number(after / before.max(1e-9));
        return Some(format!("which gets {times} times the requests of before"));
    }
    let taken: Vec<f64> = since.iter().filter_map(|at| series.utilisation[*at]).collect();
    let taken = mean(&taken).filter(|taken| *taken >= 0.9)?;
    Some(format!("where {} of the workers are taken", share(taken)))
}
