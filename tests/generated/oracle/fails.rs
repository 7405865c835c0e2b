//! Steps fail their share of requests, for which nothing more is done.

use cascadia::result::OutcomeKind;

use super::{Case, Judge, Rule, calls_of, outcome};
use crate::generated::world::{Call, Status, Step};

pub(super) const RULES: &[Rule] = &[
    ("steps fail their shares", shares),
    ("nothing is done for what a step has failed", nothing_after),
];

/// Whether a step may fail, in a branch or not.
pub(super) fn fails(steps: &[Step]) -> bool {
    fails_with(steps, |_| true)
}

/// Whether a step may fail with such a status, in a branch or not.
pub(super) fn fails_with(steps: &[Step], such: fn(&Status) -> bool) -> bool {
    steps.iter().any(|step| match step {
        Step::Fail(share, status) => *share > 0.0 && such(status),
        Step::MayFail(status) => such(status),
        // A reply may tell of any failure.
        Step::Post => true,
        Step::Parallel(branches) => branches.iter().any(|steps| fails_with(steps, such)),
        Step::Chance(ways) => ways.iter().any(|steps| fails_with(steps, such)),
        Step::Repeat(_, _, steps) => fails_with(steps, such),
        _ => false,
    })
}

/// Loads that send each request once to somebody whom nobody else calls, who refuses nobody, calls
/// nobody and has steps that fail: their names, how many requests ended well and how many failed.
fn of_loads<'a>(case: &'a Case<'_>) -> Vec<(&'a Call, u64, u64)> {
    let world = &case.world;
    let loads = world.loads.iter().filter(|(_, load)| {
        let service = &world.services[&load.call.service];
        let steps = &world.endpoint(&load.call).steps;
        fails(steps)
            && steps.iter().all(|step| matches!(step, Step::Compute(_) | Step::Fail(..)))
            && calls_of(case, &load.call.service).len() == 1
            && load.call.policy.is_none()
            && service.inbound.is_none()
            && service.queue["capacity"].is_null()
            && !super::server::sheds(&service.queue["discipline"])
    });
    let ended = |name: &String, kind| outcome(&case.result.loads[name], kind);
    let case = loads.filter(|_| world.faults.is_empty() && world.loses_nothing());
    case.map(|(name, load)| {
        (&load.call, ended(name, OutcomeKind::Ok), ended(name, OutcomeKind::Failed))
    })
    .collect()
}

/// The shares that come as far as each step, and in the end those that end well.
fn reach(steps: &[Step]) -> Vec<f64> {
    let mut reach = vec![1.0];
    for step in steps {
        let left = if let Step::Fail(share, _) = step { 1.0 - share } else { 1.0 };
        reach.push(reach[reach.len() - 1] * left);
    }
    reach
}

/// What is unfinished may end either way.
fn shares(case: &Case<'_>, judge: &mut Judge) {
    for (call, ok, failed) in of_loads(case) {
        let unfinished: u64 =
            case.result.loads.values().map(|load| outcome(load, OutcomeKind::Unfinished)).sum();
        let expected = 1.0 - reach(&case.world.endpoint(call).steps).pop().unwrap_or(1.0);
        let ended = (ok + failed) as f64;
        let deviation = (ended * expected * (1.0 - expected)).sqrt();
        let off = (failed as f64 - ended * expected).abs();
        judge.expect(off <= 6.0 * deviation + 1.0 + unfinished as f64, || {
            format!("{call:?}: {failed} of {ended} failed, a share of {expected} should")
        });
    }
}

/// Where one step fails amid work that is always the same, workers are busy for what comes before
/// it with all requests, and for what comes after it with those that end well.
fn nothing_after(case: &Case<'_>, judge: &mut Judge) {
    for (call, ok, failed) in of_loads(case) {
        let steps = &case.world.endpoint(call).steps;
        let unfinished =
            case.result.loads.values().any(|load| outcome(load, OutcomeKind::Unfinished) > 0);
        let only = steps.iter().filter(|step| matches!(step, Step::Fail(..))).count() == 1;
        let at = steps.iter().position(|step| matches!(step, Step::Fail(..))).unwrap_or(0);
        let work = |steps: &[Step]| -> Option<u64> {
            let work = steps.iter().map(|step| match step {
                Step::Compute(law) => law.is_exact().then_some(law.min),
                _ => Some(0),
            });
            work.sum()
        };
        let (Some(before), Some(after)) = (work(&steps[..at]), work(&steps[at..])) else {
            continue;
        };
        if unfinished || !only || !case.counts_all() {
            continue;
        }
        let expected = ((ok + failed) * before + ok * after) as f64;
        let busy = case.result.services[&call.service].in_service_mean * case.world.duration as f64;
        judge.expect((busy - expected).abs() <= 1e-6 * expected + (ok + failed) as f64, || {
            format!(
                "{call:?}: {busy} ns of work for {failed} failed and {ok} others, not {expected}"
            )
        });
    }
}
