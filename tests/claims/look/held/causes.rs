//! Why requests failed.

use std::cmp::Reverse;

use cascadia::result::{
    CauseResult, CheckStatus, LoadResult, OutcomeKind, RunResult, StageKind, WhyKind,
};
use cascadia_reports::format::{count, share};

use super::super::Claim;
use super::{claim, told_if};

const TERMINAL: &[&str] = &["WHY"];
const PAGE: &[&str] = &["Errors"];
/// So many are told on a terminal.
const MOST: usize = 5;

pub(super) const HELD: &[Claim] = &[
    claim("and {} for other reasons", TERMINAL, |run| {
        let left: u64 = causes(run).iter().skip(MOST).map(|(_, cause)| cause.count).sum();
        told_if(left > 0, format!("and {} for other reasons", count(left)))
    }),
    claim("the {layer} of {between} refused: {reason}", PAGE, |run| {
        let is_refused =
            |cause: &CauseResult| matches!(cause.why, WhyKind::RefusedHere | WhyKind::RefusedThere);
        all(run, is_refused, refused)
    }),
    claim("the {layer} of {callee} refused: {reason}", PAGE, |run| {
        let is_refused =
            |cause: &CauseResult| matches!(cause.why, WhyKind::RefusedHere | WhyKind::RefusedThere);
        all(run, is_refused, refused)
    }),
    claim("the {layer} of {between} stopped waiting{}", PAGE, |run| all(run, stopped, gave_up)),
    claim("the {layer} of {callee} stopped waiting", PAGE, |run| all(run, stopped, gave_up)),
    claim("{callee} answered: {reason}", PAGE, |run| {
        let is_it = |cause: &CauseResult| cause.why == WhyKind::Answered;
        all(run, is_it, |cause| format!("{} answered: {}", cause.callee, reason(cause)))
    }),
    claim("{callee} did not confirm what {publisher} published", PAGE, |run| {
        let is_it = |cause: &CauseResult| cause.why == WhyKind::Unconfirmed;
        all(run, is_it, |cause| {
            format!("{} did not confirm what {} published", cause.callee, caller(cause))
        })
    }),
    claim(" for a call that had not reached {callee}", PAGE, |run| {
        all(
            run,
            |cause| at(cause, Some(StageKind::Sent)),
            |cause| format!(" stopped waiting for a call that had not reached {}", cause.callee),
        )
    }),
    claim(" for {callee}, which was down", PAGE, |run| {
        all(
            run,
            |cause| at(cause, Some(StageKind::Down)),
            |cause| format!(" stopped waiting for {}, which was down", cause.callee),
        )
    }),
    claim(" for a call that had no worker at {callee} yet", PAGE, |run| {
        all(
            run,
            |cause| at(cause, Some(StageKind::Waiting)),
            |cause| {
                format!(" stopped waiting for a call that had no worker at {} yet", cause.callee)
            },
        )
    }),
    claim(" for {callee}, which waited for {behind}", PAGE, |run| {
        all(
            run,
            |cause| at(cause, Some(StageKind::Calling)) && cause.behind.is_some(),
            |cause| {
                let behind = cause.behind.clone().unwrap_or_default();
                format!(" stopped waiting for {}, which waited for {behind}", cause.callee)
            },
        )
    }),
    claim(" for a call that {callee} was working on", PAGE, |run| {
        let is_it = |cause: &CauseResult| {
            at(cause, Some(StageKind::Working))
                || at(cause, Some(StageKind::Calling)) && cause.behind.is_none()
        };
        all(run, is_it, |cause| format!(" for a call that {} was working on", cause.callee))
    }),
    claim(" for an answer of {callee} that was on its way", PAGE, |run| {
        all(
            run,
            |cause| at(cause, Some(StageKind::Answered)),
            |cause| format!(" for an answer of {} that was on its way", cause.callee),
        )
    }),
    claim("the run ended first", PAGE, |run| {
        let cut = run.loads.values().any(|load| load.outcomes[&OutcomeKind::Unfinished] > 0);
        told_if(cut, "the run ended first")
    }),
    claim("Every request ended in ok.", PAGE, |run| {
        let ok = |load: &LoadResult| load.outcomes[&OutcomeKind::Ok] == load.offered;
        told_if(run.loads.values().all(ok), "Every request ended in ok.")
    }),
    claim("{share} of the failures of {name} have this cause: {}.", &["junit"], |run| {
        let failed = run.checks.iter().filter(|check| check.status == CheckStatus::Failed);
        let told =
            failed.filter_map(|check| commonest(&check.subject, run.loads.get(&check.subject)?));
        told.collect()
    }),
];

/// Every cause of every load, the commonest first.
fn causes(run: &RunResult) -> Vec<(&str, &CauseResult)> {
    let all =
        run.loads.iter().flat_map(|(name, load)| load.causes.iter().map(move |one| (&**name, one)));
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(_, cause)| Reverse(cause.count));
    all
}

fn all(
    run: &RunResult,
    is_it: impl Fn(&CauseResult) -> bool,
    words: impl Fn(&CauseResult) -> String,
) -> Vec<String> {
    let found = causes(run).into_iter().filter(|(_, cause)| is_it(cause));
    found.map(|(load, cause)| format!("{load}*{}*{}", words(cause), count(cause.count))).collect()
}

fn caller(cause: &CauseResult) -> String {
    cause.caller.clone().unwrap_or_default()
}

fn reason(cause: &CauseResult) -> String {
    cause.reason.clone().unwrap_or_default().replace('_', " ")
}

fn layer(cause: &CauseResult) -> String {
    cause.layer.clone().unwrap_or_default().replace('_', " ")
}

/// The layer stood before the call on the one side, or behind it on the other.
fn side(cause: &CauseResult, here: WhyKind) -> String {
    match cause.why == here {
        true => format!("{} → {}", caller(cause), cause.callee),
        false => cause.callee.clone(),
    }
}

fn refused(cause: &CauseResult) -> String {
    let side = side(cause, WhyKind::RefusedHere);
    format!("the {} of {side} refused: {}", layer(cause), reason(cause))
}

fn stopped(cause: &CauseResult) -> bool {
    matches!(cause.why, WhyKind::GaveUp | WhyKind::GaveUpThere)
}

fn gave_up(cause: &CauseResult) -> String {
    format!("the {} of {} stopped waiting", layer(cause), side(cause, WhyKind::GaveUp))
}

/// The call that a layer gave up had come so far.
fn at(cause: &CauseResult, stage: Option<StageKind>) -> bool {
    cause.why == WhyKind::GaveUp && cause.stage == stage
}

/// The commonest cause of a load, and which share of its failures it is.
pub(super) fn commonest(name: &str, load: &LoadResult) -> Option<String> {
    let first = load.causes.iter().max_by_key(|cause| cause.count)?;
    let failed: u64 = load.causes.iter().map(|cause| cause.count).sum();
    let share = share(first.count as f64 / failed as f64);
    Some(format!("{share} of the failures of {name} have this cause: "))
}
