//! What goes on after its cause has gone.

use cascadia::result::{LoadResult, RunResult, Sustained};
use cascadia_reports::format::{number, share};

use super::super::Claim;
use super::{claim, told_if};

const PLACES: &[&str] = &["STORM", "What happened"];

pub(super) const HELD: &[Claim] = &[
    claim(
        "Long after {fault}: {tries}, and {work}. {why}: the overload sustains itself.",
        PLACES,
        |run| {
            let storm = first(run).map(|(fault, _)| {
                format!("Long after {fault}: *, and *. *: the overload sustains itself.")
            });
            storm.into_iter().collect()
        },
    ),
    claim("{} per request ({} before)", PLACES, |run| {
        let tries = first(run).map(|(_, of)| {
            format!("{} per request ({} before)", attempts(of.attempts), number(of.attempts_before))
        });
        tries.into_iter().collect()
    }),
    claim("{number} attempt{plural}", &["STORM"], |run| match first(run) {
        Some((_, of)) => vec![attempts(of.attempts)],
        None => Vec::new(),
    }),
    claim("{} requests wait for {service}", PLACES, |run| {
        let calm = first(run).filter(|(_, of)| of.wasted_share < VAIN && of.refusing_share < VAIN);
        let told =
            calm.map(|(_, of)| format!("{} requests wait for {}", number(of.waiting), of.service));
        told.into_iter().collect()
    }),
    claim("{wasted} of the work of {service} is for callers that had gone", PLACES, |run| {
        let wasted = first(run)
            .filter(|(_, of)| of.wasted_share >= VAIN && of.wasted_share >= of.refusing_share);
        let told = wasted.map(|(_, Sustained { service, wasted_share, .. })| {
            format!(
                "{} of the work of {service} is for callers that had gone",
                share(*wasted_share)
            )
        });
        told.into_iter().collect()
    }),
    claim("{} of the work of {service} is to refuse", PLACES, |run| {
        let refuses = first(run)
            .filter(|(_, of)| of.refusing_share >= VAIN && of.refusing_share > of.wasted_share);
        let told = refuses.map(|(_, Sustained { service, refusing_share, .. })| {
            format!("{} of the work of {service} is to refuse", share(*refusing_share))
        });
        told.into_iter().collect()
    }),
    claim("The {what} keep it busy, and its delay keeps them coming", PLACES, |run| {
        let kept = first(run).and_then(|(_, of)| {
            let what = match (of.retries, of.copies) {
                (true, true) => "further attempts",
                (true, false) => "retries",
                (false, true) => "copies",
                (false, false) => return None,
            };
            Some(format!("The {what} keep it busy, and its delay keeps them coming"))
        });
        kept.into_iter().collect()
    }),
    claim("further attempts", PLACES, |run| {
        let both = first(run).is_some_and(|(_, of)| of.retries && of.copies);
        told_if(both, "The further attempts keep it busy")
    }),
    claim("It falls no further behind, but it does not catch up", PLACES, |run| {
        let is_so = first(run).is_some_and(|(_, of)| !of.retries && !of.copies);
        told_if(is_so, "It falls no further behind, but it does not catch up")
    }),
    claim("No request was offered.", &["What happened"], |run| {
        let offered = run.loads.values().any(|load| load.offered > 0);
        told_if(first(run).is_none() && !offered, "No request was offered.")
    }),
    claim("{} per request over the run.", &["What happened"], |run| {
        let sum = |of: fn(&LoadResult) -> u64| run.loads.values().map(of).sum::<u64>();
        let offered = sum(|load| load.offered);
        let tries = sum(|load| load.attempts) as f64 / offered.max(1) as f64;
        let is_told = first(run).is_none() && offered > 0;
        told_if(is_told, format!("{} per request over the run.", attempts(tries)))
    }),
];

/// From this share on the work of a service that helps nobody is told.
const VAIN: f64 = 0.05;

/// The first load that is metastable, after which fault, and what keeps it so.
fn first(run: &RunResult) -> Option<(&str, &Sustained)> {
    let mut all = run.recoveries.iter();
    all.find_map(|one| Some((&*one.fault, one.sustained.as_ref()?)))
}

fn attempts(tries: f64) -> String {
    match &*number(tries) {
        "1" => "1 attempt".to_owned(),
        number => format!("{number} attempts"),
    }
}
