use std::path::{Path, PathBuf};

use cascadia_models::run::RunError;
use cascadia_reports::junit::{Suite, is_junit, to_junit};
use cascadia_reports::result::{CheckResult, CheckStatus, RunResult, Series, SweepResult, Verdict};
use cascadia_reports::sinks::line;
use cascadia_reports::summary;
use cascadia_scenarios::{Options, Scenario};
use rayon::prelude::*;

use super::run::{Chosen, code, seeds, shown, sweep_code};
use crate::cli::{CheckArgs, Cli};
use crate::engine::{ENGINE, require};
use crate::output;
use crate::reproduce::Recipe;
use crate::terminal::{Meter, catch_interrupts, error_look, interrupted, look, print};
use crate::trouble::Trouble;
use crate::{exit, files, simulate, sweep};

/// `cascadia check`.
pub(crate) fn run(cli: &Cli, args: &CheckArgs) -> Result<u8, Trouble> {
    require(args.engine)?;
    if let Some(path) = &args.junit {
        output::may_be_written(path, is_junit).map_err(|error| unwritable(path, &error))?;
    }
    let mut invalid = String::new();
    let mut targets = Vec::new();
    for file in files::expand(&args.paths)? {
        match plan(cli, args, &file) {
            Ok(found) => targets.extend(found),
            Err(trouble) if trouble.code == exit::INVALID => invalid.push_str(&trouble.text),
            Err(trouble) => return Err(trouble),
        }
    }
    if targets.is_empty() && !invalid.is_empty() {
        return Err(Trouble::invalid(invalid));
    }
    catch_interrupts();
    let meter = Meter::of_runs("check", targets.len() as u64, cli.quiet);
    let ended: Result<Vec<Ended>, Trouble> = targets
        .par_iter()
        .filter(|_| !interrupted())
        .map(|target| target.run(cli, args))
        .inspect(|ended| {
            if let Ok(ended) = ended {
                meter.one_more(&ended.title);
            }
        })
        .collect();
    meter.finish();
    let ended = ended?;
    if let Some(path) = &args.junit {
        write_junit(path, &ended)?;
    }
    let left = targets.len() - ended.len();
    show(cli, &ended, left)?;
    if !invalid.is_empty() {
        return Err(Trouble::invalid(invalid));
    }
    let left = (left > 0).then_some(exit::INTERRUPTED);
    let codes = ended.iter().map(|ended| ended.code).chain(left);
    Ok(codes.max_by_key(|code| severity(*code)).unwrap_or(exit::PASSED))
}

/// A file, or one of its variants. There may be many, so each is read again when it is run.
struct Target {
    file: PathBuf,
    variant: Option<String>,
    expect_fail: bool,
}

fn plan(cli: &Cli, args: &CheckArgs, file: &Path) -> Result<Vec<Target>, Trouble> {
    let target = |variant, expect_fail| Target { file: file.to_owned(), variant, expect_fail };
    let mut targets = vec![target(None, false)];
    let scenario = targets[0].open(cli, args)?;
    for variant in scenario.variants.into_iter().filter(|_| args.variants) {
        let target = target(Some(variant.name), variant.expect_fail);
        target.open(cli, args)?;
        targets.push(target);
    }
    Ok(targets)
}

/// A target that was run.
struct Ended {
    title: String,
    outcome: Outcome,
    expect_fail: bool,
    code: u8,
    /// There is a check at all.
    is_checked: bool,
}

enum Outcome {
    Run(Box<RunResult>),
    Sweep(Box<SweepResult>),
}

impl Target {
    fn open(&self, cli: &Cli, args: &CheckArgs) -> Result<Scenario, Trouble> {
        let (variant, sets) = (self.variant.clone(), args.changes.sets.clone());
        let options = Options { variant, sets, force: args.changes.force, ..Options::default() };
        files::open(&self.file, &options, error_look(cli.color))
    }

    fn run(&self, cli: &Cli, args: &CheckArgs) -> Result<Ended, Trouble> {
        let scenario = &self.open(cli, args)?;
        let recipe = Recipe {
            file: &self.file,
            variant: scenario.variant.as_deref(),
            sets: &args.changes.sets,
            force: args.changes.force,
            engine: ENGINE,
        };
        let trouble =
            |seed, error: &RunError| Trouble::of_run(error, &scenario.plan, &recipe.command(seed));
        let (outcome, code) = match seeds(scenario, args.seed, args.seeds) {
            Chosen::One(seed) => {
                let mut watch = |_| match interrupted() {
                    true => std::ops::ControlFlow::Break(()),
                    false => std::ops::ControlFlow::Continue(()),
                };
                let run = simulate::run(scenario, seed, recipe.command(seed), &mut watch);
                let run = run.and_then(simulate::Run::whole);
                let result = run.map_err(|error| trouble(seed, &error))?.result;
                let code = code(&result);
                (Outcome::Run(Box::new(in_short(result))), code)
            }
            Chosen::Many(seeds) => {
                let quiet = Meter::of_runs(&scenario.name, 1, true);
                let reproduce = |seed| recipe.command(seed);
                let swept = sweep::sweep(scenario, &seeds.list(), &reproduce, &quiet);
                let swept = swept.map_err(|(seed, error)| trouble(seed, &error))?;
                let code = sweep_code(&swept.result, swept.broken);
                (Outcome::Sweep(Box::new(swept.result)), code)
            }
        };
        let variant = scenario.variant.as_ref().map(|variant| format!(" {variant}"));
        Ok(Ended {
            title: line(&format!("{}{}", self.file.display(), variant.unwrap_or_default()))
                .into_owned(),
            outcome,
            expect_fail: self.expect_fail,
            code: match scenario.checks.is_empty() && code == exit::PASSED {
                true => exit::INCONCLUSIVE,
                false => expected(code, self.expect_fail),
            },
            is_checked: !scenario.checks.is_empty(),
        })
    }
}

/// What is told of a run, without what is only drawn of it: of many runs that would be too much.
fn in_short(mut result: RunResult) -> RunResult {
    let Series { loads, services, components, policies, .. } = &mut result.series;
    loads.clear();
    services.clear();
    components.clear();
    policies.clear();
    result.states = Vec::new();
    result.resolved = String::new();
    result
}

/// A variant that is expected to fail must fail by its checks, not by anything else.
const fn expected(code: u8, expect_fail: bool) -> u8 {
    match (code, expect_fail) {
        (exit::FAILED, true) => exit::PASSED,
        (exit::PASSED, true) => exit::FAILED,
        (code, _) => code,
    }
}

/// How grave an exit code is, so that the gravest of many is reported.
const fn severity(code: u8) -> u8 {
    match code {
        exit::PASSED => 0,
        exit::INCONCLUSIVE => 1,
        exit::FAILED => 2,
        exit::INVARIANT => 3,
        _ => 4,
    }
}

/// A line for each target, and the whole summary of those that did not end as expected.
fn show(cli: &Cli, ended: &[Ended], left: usize) -> Result<u8, Trouble> {
    let look = look(cli.color);
    let width = ended.iter().map(|ended| ended.title.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for ended in ended {
        let word = match (ended.code, ended.expect_fail) {
            (exit::PASSED, true) => "passed (fails as expected)",
            (exit::PASSED, false) => "passed",
            (exit::FAILED, true) => "FAILED: it was expected to fail and passes",
            (exit::INCONCLUSIVE, _) if !ended.is_checked => "inconclusive: it has no checks",
            (exit::INCONCLUSIVE, _) => "inconclusive",
            (exit::INTERRUPTED, _) => "interrupted",
            (exit::INVARIANT, _) => "INVARIANT BROKEN",
            _ => "FAILED",
        };
        if !cli.quiet || ended.code != exit::PASSED {
            text.push_str(&format!("{:width$}  {word}\n", ended.title));
        }
    }
    if left > 0 {
        text.push_str(&format!("interrupted before {left} of them began\n"));
    }
    for ended in ended.iter().filter(|ended| ended.code != exit::PASSED) {
        text.push('\n');
        text.push_str(&match &ended.outcome {
            Outcome::Run(result) => summary::run(result, look, None),
            Outcome::Sweep(result) => summary::sweep(result, look, None),
        });
    }
    shown(print(&text))
}

fn write_junit(path: &Path, ended: &[Ended]) -> Result<(), Trouble> {
    let inverted: Vec<Outcome> = ended.iter().map(as_expected).collect();
    let suites = inverted.iter().map(|outcome| match outcome {
        Outcome::Run(result) => Suite::Run(result),
        Outcome::Sweep(result) => Suite::Sweep(result),
    });
    output::write(path, &to_junit(suites)).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Trouble {
    let path = path.display().to_string();
    Trouble::usage(format!("cannot write {}: {error}", line(&path)))
}

/// The outcome as a test report shows it: one that had to fail has one case, which says so, and one without checks
/// a case that says that.
fn as_expected(ended: &Ended) -> Outcome {
    let passed = ended.code == exit::PASSED;
    let is_judged = ended.expect_fail && ended.is_checked && ended.code != exit::INTERRUPTED;
    match &ended.outcome {
        Outcome::Run(result) if is_judged => {
            let mut result = result.clone();
            result.checks = vec![expectation(passed, result.duration_ns)];
            result.verdict = if passed { Verdict::Passed } else { Verdict::Failed };
            Outcome::Run(result)
        }
        Outcome::Run(result) if !ended.is_checked => {
            let mut result = result.clone();
            result.checks = vec![nothing(result.duration_ns)];
            Outcome::Run(result)
        }
        Outcome::Run(result) => Outcome::Run(result.clone()),
        Outcome::Sweep(result) if is_judged => {
            let mut result = result.clone();
            result.checks.clear();
            result.verdict = if passed { Verdict::Passed } else { Verdict::Failed };
            Outcome::Sweep(result)
        }
        Outcome::Sweep(result) => {
            let mut result = result.clone();
            if !ended.is_checked {
                result.verdict = Verdict::Inconclusive;
            }
            Outcome::Sweep(result)
        }
    }
}

/// That nothing is checked.
fn nothing(end: u64) -> CheckResult {
    CheckResult {
        subject: "scenario".to_owned(),
        expression: "has a check".to_owned(),
        measured_text: "it has none".to_owned(),
        bound_text: "a check".to_owned(),
        status: CheckStatus::Inconclusive,
        ..expectation(false, end)
    }
}

fn expectation(passed: bool, end: u64) -> CheckResult {
    CheckResult {
        subject: "variant".to_owned(),
        expression: "fails as expected".to_owned(),
        measured: None,
        measured_text: if passed { "it failed" } else { "it passed" }.to_owned(),
        bound: 0.0,
        bound_text: "a failed check".to_owned(),
        passed,
        status: if passed { CheckStatus::Passed } else { CheckStatus::Failed },
        window_start_ns: 0,
        window_end_ns: end,
    }
}
