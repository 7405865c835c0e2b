//! The same scenario under many seeds, on all cores, collected in the order of seeds.

use std::ops::ControlFlow;
use std::sync::Mutex;

use cascadia_models::measure::Tally;
use cascadia_models::run::{Progress, RunError};
use cascadia_reports::result::{
    CheckResult, CheckStatus, CheckTally, FORMAT, RunResult, SeedRow, SweepResult, Verdict,
};
use cascadia_reports::stats::tally;
use cascadia_scenarios::Scenario;
use rayon::prelude::*;

use crate::convert::{self, Names};
use crate::engine::ENGINE;
use crate::simulate::{Run, run, warnings};

/// Watches many runs at once.
pub(crate) trait Watch: Sync {
    /// Whether the runs go on.
    fn goes_on(&self) -> bool;
    /// A run is over.
    fn finished(&self, result: &RunResult);
}

/// The result over all seeds.
pub(crate) struct Swept {
    pub(crate) result: SweepResult,
    /// A run broke a law that every run must keep.
    pub(crate) broken: bool,
}

/// Runs `scenario` under each of `seeds`. What cannot go on comes back with its seed.
pub(crate) fn sweep(
    scenario: &Scenario,
    seeds: &[u64],
    reproduce: &(dyn Fn(u64) -> String + Sync),
    watch: &dyn Watch,
) -> Result<Swept, (u64, RunError)> {
    let pool = Mutex::new(Totals::default());
    let one = |seed: &u64| {
        let mut look = |_: Progress| match watch.goes_on() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        };
        if !watch.goes_on() {
            return Ok(None);
        }
        let run = run(scenario, *seed, reproduce(*seed), &mut look).and_then(Run::whole);
        let run = run.map_err(|error| (*seed, error))?;
        if run.result.interrupted {
            return Ok(None);
        }
        watch.finished(&run.result);
        let result = pool.lock().expect("no run panics while it pools").add(run);
        Ok(Some(result))
    };
    let rows: Result<Vec<_>, (u64, RunError)> = seeds.par_iter().map(one).collect();
    let runs: Vec<Judged> = rows?.into_iter().flatten().collect();
    let pool = pool.into_inner().expect("no run panics while it pools");
    let broken = runs.iter().any(|run| run.broken);
    Ok(Swept { result: summarise(scenario, seeds.len(), runs, pool), broken })
}

/// Merged measurements. Merging is exact, so the order of runs does not matter.
#[derive(Default)]
struct Totals {
    tallies: Vec<Tally>,
}

impl Totals {
    fn add(&mut self, run: Run) -> Judged {
        if self.tallies.is_empty() {
            self.tallies = run.tallies;
        } else {
            for (mine, other) in self.tallies.iter_mut().zip(&run.tallies) {
                mine.merge(other);
            }
        }
        Judged::new(run.result)
    }
}

/// What is kept of a run.
struct Judged {
    row: SeedRow,
    checks: Vec<CheckResult>,
    broken: bool,
}

impl Judged {
    fn new(result: RunResult) -> Self {
        let status = |check: &CheckResult| match check.status {
            CheckStatus::Inconclusive => None,
            status => Some(status == CheckStatus::Passed),
        };
        let outcomes = result.loads.iter();
        let row = SeedRow {
            seed: result.seed,
            verdict: result.verdict,
            digest: result.digest,
            measured: result.checks.iter().map(|check| check.measured).collect(),
            measured_text: result.checks.iter().map(|check| check.measured_text.clone()).collect(),
            passed: result.checks.iter().map(status).collect(),
            outcomes: outcomes.map(|(name, load)| (name.clone(), load.outcomes.clone())).collect(),
            reproduce: result.reproduce,
        };
        let broken = result.invariants.iter().any(|law| !law.passed);
        Self { row, checks: result.checks, broken }
    }

    /// How bad it is: failed checks, then the largest relative miss.
    fn badness(&self) -> (bool, usize, f64) {
        let missed = self.checks.iter().filter(|check| check.status == CheckStatus::Failed);
        let miss = |check: &CheckResult| {
            let scale = check.bound.abs().max(f64::MIN_POSITIVE);
            check.measured.map_or(0.0, |measured| (measured - check.bound).abs() / scale)
        };
        (self.broken, missed.clone().count(), missed.map(miss).fold(0.0, f64::max))
    }
}

fn summarise(scenario: &Scenario, planned: usize, runs: Vec<Judged>, pool: Totals) -> SweepResult {
    let of = runs.len() as u64;
    let count = |verdict| runs.iter().filter(|run| run.row.verdict == verdict).count() as u64;
    let seeds_passed = tally(count(Verdict::Passed), of);
    let broken = runs.iter().any(|run| run.broken);
    let verdict = match scenario.require {
        _ if broken => Verdict::Failed,
        Some(require) if seeds_passed.low >= require => Verdict::Passed,
        Some(require) if seeds_passed.high < require => Verdict::Failed,
        Some(_) => Verdict::Inconclusive,
        None if count(Verdict::Failed) > 0 => Verdict::Failed,
        None if count(Verdict::Inconclusive) > 0 || of == 0 => Verdict::Inconclusive,
        None => Verdict::Passed,
    };
    let plan = &scenario.plan;
    let load = |(index, tally)| {
        let names = Names::new(plan, index);
        (plan.loads[index].name.clone(), convert::load_result(tally, &names))
    };
    SweepResult {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: scenario.name.clone(),
        question: scenario.question.clone(),
        variant: scenario.variant.clone(),
        engine: ENGINE,
        interrupted: runs.len() < planned,
        verdict,
        seeds_passed,
        require: scenario.require,
        checks: check_tallies(scenario, &runs),
        worst: worst(&runs),
        loads: pool.tallies.iter().enumerate().map(load).collect(),
        runs: runs.into_iter().map(|run| run.row).collect(),
        warnings: warnings(scenario),
    }
}

fn check_tallies(scenario: &Scenario, runs: &[Judged]) -> Vec<CheckTally> {
    let checks = scenario.checks.iter().enumerate();
    let one = |(index, check): (usize, &cascadia_scenarios::Check)| {
        let status = |wanted| runs.iter().filter(|run| run.row.passed[index] == wanted).count();
        let inconclusive = status(None);
        let judged = runs.len() - inconclusive;
        CheckTally {
            subject: check.subject().to_owned(),
            expression: check.expression().to_owned(),
            tally: tally(status(Some(true)) as u64, judged as u64),
            inconclusive: inconclusive as u64,
        }
    };
    checks.map(one).collect()
}

/// The worst run, the first among equals; none where all passed.
fn worst(runs: &[Judged]) -> Option<SeedRow> {
    let bad = runs.iter().filter(|run| run.row.verdict != Verdict::Passed);
    let worse = |worst: &Judged, run: &Judged| {
        run.badness().partial_cmp(&worst.badness()).is_some_and(std::cmp::Ordering::is_gt)
    };
    let worst = bad.reduce(|worst, run| if worse(worst, run) { run } else { worst });
    worst.map(|run| run.row.clone())
}
