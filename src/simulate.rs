//! One run: a scenario and a seed in, a result out.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use cascadia_models::capture::Suspect;
use cascadia_models::measure::{Measured, Tally};
use cascadia_models::plan::{Plan, ServiceId};
use cascadia_models::recovery::{Recovery, recoveries};
use cascadia_models::run::{Progress, RunError, capture, simulate};
use cascadia_reports::result::{
    CheckResult, CheckStatus, FORMAT, FaultLane, Invariant, OutcomeKind, RunResult, Verdict,
};
use cascadia_scenarios::{Check, Scenario};

use crate::convert;
use crate::engine::ENGINE;
use crate::exemplars::Choice;

/// A run and what it needs to be pooled with others.
pub(crate) struct Run {
    pub(crate) result: RunResult,
    /// What each source of load measured, in the order of the plan.
    pub(crate) tallies: Vec<Tally>,
    /// Why it could not go on. What it measured until then is there.
    pub(crate) stopped: Option<RunError>,
    /// The message that is worth the closest look.
    suspect: Option<(ServiceId, Suspect)>,
    /// The requests that are worth a closer look.
    choice: Option<Choice>,
}

impl Run {
    /// The run, if it came to its end or was interrupted.
    pub(crate) fn whole(mut self) -> Result<Self, RunError> {
        match self.stopped.take() {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }
}

/// Simulates `scenario` under `seed`.
pub(crate) fn run(
    scenario: &Scenario,
    seed: u64,
    reproduce: String,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Run, RunError> {
    let plan = Plan { seed, ..scenario.plan.clone() };
    let mut exhausted = None;
    let mut guarded = |progress: Progress| {
        if progress.held > scenario.most_held {
            exhausted = Some(RunError::Exhausted { at: progress.now, bytes: progress.held });
            return ControlFlow::Break(());
        }
        watch(progress)
    };
    let measured = simulate(plan, &mut guarded)?;
    let stopped = measured.stopped.clone().or(exhausted);
    let result = result(scenario, seed, reproduce, &measured);
    let choice = Choice::of(&measured);
    let tallies = measured.loads.into_iter().map(|load| load.measured).collect();
    Ok(Run { result, tallies, stopped, suspect: measured.suspect, choice })
}

/// The result of a run with what only a second run of the same seed can show: what was on the wire around its worst
/// message, and, if somebody `follows` them or it is not well, what a few requests went through. Where `watch` breaks
/// off, the rest is not there.
pub(crate) fn in_full(
    scenario: &Scenario,
    run: Run,
    follows: bool,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<RunResult, RunError> {
    let Run { mut result, suspect, choice, .. } = run;
    if result.interrupted {
        return Ok(result);
    }
    let plan = || Plan { seed: result.seed, ..scenario.plan.clone() };
    let mut goes_on = true;
    let mut watch = |progress| {
        let control = watch(progress);
        goes_on &= control.is_continue();
        control
    };
    let captured = suspect.map(|suspect| Ok((capture(plan(), &suspect, &mut watch)?, suspect)));
    let captured = captured.transpose()?;
    let choice = choice.filter(|_| follows || !is_well(&result));
    let exemplars = choice.map(|choice| choice.look(plan(), &mut watch)).transpose()?;
    if let Some((captured, (group, suspect))) = captured.filter(|_| goes_on) {
        let group = scenario.plan.name(group);
        result.capture = Some(convert::capture(group, &suspect, &captured));
    }
    result.exemplars = exemplars.unwrap_or_default();
    Ok(result)
}

/// Whether every check holds, or, where nothing is checked, every request that ended did so in success.
fn is_well(result: &RunResult) -> bool {
    if !result.checks.is_empty() {
        return result.checks.iter().all(|check| check.passed);
    }
    let outcomes = result.loads.values().flat_map(|load| &load.outcomes);
    let mut failed = outcomes.filter(|(kind, count)| is_failure(**kind) && **count > 0);
    failed.next().is_none()
}

const fn is_failure(kind: OutcomeKind) -> bool {
    !matches!(kind, OutcomeKind::Ok | OutcomeKind::Unfinished)
}

/// What a result warns of. What is said of several places is said once, as it does not tell which.
pub(crate) fn warnings(scenario: &Scenario) -> Vec<String> {
    let mut known = BTreeSet::new();
    let warnings = scenario.warnings.iter().map(|warning| &warning.message);
    warnings.filter(|message| known.insert(*message)).cloned().collect()
}

fn result(scenario: &Scenario, seed: u64, reproduce: String, measured: &Measured) -> RunResult {
    let plan = &scenario.plan;
    let recoveries = recoveries(plan, measured);
    let judge = |check| judge(check, measured, &recoveries);
    let checks: Vec<_> = scenario.checks.iter().map(judge).collect();
    let invariants = convert::invariants(measured);
    let resolved = resolved(scenario);
    RunResult {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: scenario.name.clone(),
        question: scenario.question.clone(),
        variant: scenario.variant.clone(),
        seed,
        engine: ENGINE,
        digest: measured.digest.to_string(),
        scenario_digest: fingerprint(&resolved),
        events: measured.digest.events(),
        interrupted: measured.interrupted,
        verdict: verdict(&checks, &invariants),
        checks,
        invariants,
        duration_ns: plan.duration.as_nanos(),
        warmup_ns: plan.warmup.as_nanos(),
        simulated_ns: measured.end.as_nanos(),
        loads: convert::loads(plan, measured),
        services: convert::services(plan, measured),
        components: convert::components(plan, measured),
        policies: convert::policies(measured),
        series: convert::series(plan, measured),
        faults: faults(scenario),
        recoveries: recoveries.iter().map(|found| convert::recovery(plan, found)).collect(),
        collapse: convert::collapse(plan, measured),
        states: convert::states(measured),
        capture: None,
        exemplars: Vec::new(),
        warnings: warnings(scenario),
        reproduce,
        resolved,
    }
}

fn judge(check: &Check, measured: &Measured, recoveries: &[Recovery]) -> CheckResult {
    let outcome = check.evaluate(&measured.probes, recoveries);
    let cut = measured.interrupted && outcome.end_ns > measured.end.as_nanos();
    let status = match outcome.status {
        _ if cut => CheckStatus::Inconclusive,
        cascadia_scenarios::CheckStatus::Passed => CheckStatus::Passed,
        cascadia_scenarios::CheckStatus::Failed => CheckStatus::Failed,
        cascadia_scenarios::CheckStatus::Inconclusive => CheckStatus::Inconclusive,
    };
    CheckResult {
        subject: check.subject().to_owned(),
        expression: check.expression().to_owned(),
        measured: outcome.measured.filter(|value| value.is_finite()),
        measured_text: match cut {
            true => "the run was interrupted".to_owned(),
            false => outcome.measured_text,
        },
        bound: outcome.bound,
        bound_text: outcome.bound_text,
        passed: status == CheckStatus::Passed,
        status,
        window_start_ns: outcome.start_ns,
        window_end_ns: outcome.end_ns,
    }
}

fn verdict(checks: &[CheckResult], invariants: &[Invariant]) -> Verdict {
    let any = |status| checks.iter().any(|check| check.status == status);
    if any(CheckStatus::Failed) || invariants.iter().any(|law| !law.passed) {
        Verdict::Failed
    } else if any(CheckStatus::Inconclusive) {
        Verdict::Inconclusive
    } else {
        Verdict::Passed
    }
}

fn faults(scenario: &Scenario) -> Vec<FaultLane> {
    let lane = |fault: &cascadia_scenarios::FaultText| FaultLane {
        name: fault.name.clone(),
        description: fault.description.clone(),
        hits: fault.hits.clone(),
        start_ns: fault.start_ns,
        end_ns: fault.end_ns,
    };
    let mut lanes: Vec<_> = scenario.faults.iter().map(lane).collect();
    lanes.sort_by_key(|lane| lane.start_ns);
    lanes
}

/// The scenario as it was run, formatted.
pub(crate) fn resolved(scenario: &Scenario) -> String {
    cascadia_reports::json::to_json(&scenario.resolved)
}

/// 128 bits that stand for a text.
pub(crate) fn fingerprint(text: &str) -> String {
    let lane = |start: u64| {
        text.bytes().fold(start, |state, byte| cascadia_runtime::mix(state, u64::from(byte)))
    };
    format!("{:016x}{:016x}", lane(1), lane(2))
}

#[cfg(test)]
mod tests {
    use cascadia_scenarios::{Options, Source, load};

    use super::*;

    const QUEUE: &str = r#"{ "version": 1, "name": "t", "run": { "duration": "10s" },
      "services": { "db": { "workers": 1, "endpoints": { "get": [ { "compute": "1s" } ] } } },
      "load": { "u": { "target": "db.get", "open": { "constant": "10000/s" } } } }"#;

    /// A log that grows, of messages that are all done.
    const LOG: &str = r#"{ "version": 1, "name": "t", "run": { "duration": "60s" },
      "services": {
        "shop": { "workers": "unlimited", "endpoints": { "order": [ { "publish": "bus.orders" } ] } },
        "desk": { "workers": "unlimited", "consume": { "bus.orders": { "do": [ { "compute": "1us" } ] } } } },
      "brokers": { "bus": { "topics": { "orders": {} } } },
      "load": { "u": { "target": "shop", "open": { "constant": "200/s" } } } }"#;

    /// A message whose consumer asks for more time six hundred times before the first answer comes.
    const IMPATIENT: &str = r#"{ "version": 1, "name": "t", "run": { "duration": "10s" },
      "services": {
        "shop": { "endpoints": { "order": [ { "publish": "bus.orders" } ] } },
        "desk": { "consume": { "bus.orders": { "ack_wait": "1ms", "do": [ { "compute": "1s" } ] } } } },
      "brokers": { "bus": { "topics": { "orders": {} } } },
      "links": { "default": { "latency": "100ms" } },
      "load": { "u": { "target": "shop", "open": { "constant": "1/s" } } } }"#;

    fn held(text: &str, most_held: u64) -> Run {
        let source = Source { name: "t.json".to_owned(), text: text.to_owned() };
        let options = Options { force: true, ..Options::default() };
        let scenario = Scenario { most_held, ..load(source, &options).unwrap() };
        run(&scenario, 1, String::new(), &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn a_run_that_holds_too_much_is_ended_and_keeps_what_it_has_measured() {
        let ended = held(QUEUE, 20_000_000);
        let offered = ended.result.loads["u"].offered;
        assert!(ended.result.interrupted && (15_000..30_000).contains(&offered), "{offered}");
        let Err(RunError::Exhausted { bytes, .. }) = ended.whole() else { panic!("it went on") };
        assert!((20_000_000..40_000_000).contains(&bytes), "{bytes}");
        assert!(!held(QUEUE, u64::MAX).result.interrupted);
    }

    #[test]
    fn what_a_broker_keeps_is_held_as_well() {
        let ended = held(LOG, 2_000_000);
        let offered = ended.result.loads["u"].offered;
        assert!(ended.result.interrupted && (2_000..6_000).contains(&offered), "{offered}");
        assert!(!held(LOG, u64::MAX).result.interrupted);
    }

    #[test]
    fn whatever_is_under_way_is_held_as_well() {
        let ended = held(IMPATIENT, 500_000);
        assert!(ended.result.interrupted && ended.result.loads["u"].offered < 3);
        assert!(!held(IMPATIENT, u64::MAX).result.interrupted);
    }
}
