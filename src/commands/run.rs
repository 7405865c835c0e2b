use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use cascadia_models::measure::metrics::Of;
use cascadia_models::run::Progress;
use cascadia_reports::result::{RunResult, SweepResult, Verdict};
use cascadia_reports::sinks::line;
use cascadia_reports::{charts, csv, format, json, page, summary};
use cascadia_scenarios::{Options, Scenario};

use crate::cli::{Cli, RunArgs, Seeds};
use crate::engine::{ENGINE, require};
use crate::output::{Bundle, Folder};
use crate::reproduce::Recipe;
use crate::terminal::{Meter, catch_interrupts, error_look, interrupted, look, print, tell};
use crate::trouble::Trouble;
use crate::{exit, files, simulate, sweep, verify};

/// What each figure means.
fn metrics_help() -> String {
    let of_each = Of::ALL.map(|of| {
        let rows = of.metrics().into_iter().map(|metric| (metric.form(), metric.help)).collect();
        (of.name(), rows)
    });
    summary::metrics_help(&of_each)
}

/// `cascadia run`.
pub(crate) fn run(cli: &Cli, args: &RunArgs) -> Result<u8, Trouble> {
    let Some(file) = args.file.as_ref().filter(|_| !args.help_metrics) else {
        return shown(print(&metrics_help()));
    };
    require(args.engine)?;
    let options = Options {
        variant: args.variant.clone(),
        sets: args.changes.sets.clone(),
        force: args.changes.force,
        ..Options::default()
    };
    let scenario = files::open(file, &options, error_look(cli.color))?;
    if args.show_config {
        return shown(print(&simulate::resolved(&scenario)));
    }
    let recipe = Recipe {
        file,
        variant: args.variant.as_deref(),
        sets: &args.changes.sets,
        force: args.changes.force,
        engine: ENGINE,
    };
    catch_interrupts();
    let chosen = match args.verify || args.traces {
        true => Chosen::One(args.seed.unwrap_or(scenario.seed)),
        false => seeds(&scenario, args.seed, args.seeds),
    };
    match chosen {
        Chosen::One(seed) => one(cli, args, &scenario, seed, &recipe),
        Chosen::Many(seeds) => many(cli, args, &scenario, seeds, &recipe),
    }
}

/// The seeds of a command.
pub(crate) enum Chosen {
    One(u64),
    Many(Seeds),
}

/// What the command line says, or else the scenario.
pub(crate) fn seeds(scenario: &Scenario, one: Option<u64>, many: Option<Seeds>) -> Chosen {
    match (one, many, scenario.seeds) {
        (_, Some(seeds), _) => Chosen::Many(seeds),
        (None, None, Some(count)) => {
            let first = scenario.seed;
            Chosen::Many(Seeds { first, last: first.saturating_add(count.max(1) - 1) })
        }
        (seed, ..) => Chosen::One(seed.unwrap_or(scenario.seed)),
    }
}

fn one(
    cli: &Cli,
    args: &RunArgs,
    scenario: &Scenario,
    seed: u64,
    recipe: &Recipe<'_>,
) -> Result<u8, Trouble> {
    let folder = folder(args, scenario, &seed.to_string())?;
    let duration = scenario.plan.duration.as_nanos();
    let meter = Meter::of_run(&scenario.name, duration, cli.quiet);
    let began = Instant::now();
    let ran = simulate::run(scenario, seed, recipe.command(seed), &mut watch(&meter));
    meter.finish();
    let broke = |error| Trouble::of_run(&error, &scenario.plan, &recipe.command(seed));
    let ran = ran.map_err(broke)?;
    if args.verify {
        verify::again(scenario, &ran.result)?;
    }
    if cli.verbose {
        tell(&speed(&ran.result, began));
    }
    let stopped = ran.stopped.clone();
    let meter = Meter::of_run(&format!("{} again", scenario.name), duration, cli.quiet);
    let result = simulate::in_full(scenario, ran, args.traces, &mut watch(&meter));
    meter.finish();
    let result = result.map_err(broke)?;
    let mut bundle = Bundle::default();
    bundle.add("result.json", json::to_json(&result));
    let charts = charts::all(&result);
    bundle.add("report.html", page::run(&result, &charts));
    bundle.add("summary.csv", csv::summary(&result));
    bundle.add("series.csv", csv::series(&result));
    bundle.add("failures.csv", csv::failures(&result));
    bundle.add("policies.csv", csv::policies(&result));
    if !result.components.is_empty() {
        bundle.add("components.csv", csv::components(&result));
    }
    for chart in charts {
        bundle.add(format!("charts/{}.svg", chart.id), chart.svg);
    }
    let report = write(&bundle, &folder)?;
    let code = code(&result);
    if is_told(cli, code) {
        shown(print(&summary::run(&result, look(cli.color), Some(&report))))?;
    }
    match stopped {
        Some(error) => Err(broke(error).with(&format!("what was measured until then: {report}"))),
        None => Ok(code),
    }
}

/// Shows how far a run has come, and ends it when it is asked to.
fn watch(meter: &Meter) -> impl FnMut(Progress) -> ControlFlow<()> {
    move |progress| {
        meter.show(progress);
        if interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn many(
    cli: &Cli,
    args: &RunArgs,
    scenario: &Scenario,
    seeds: Seeds,
    recipe: &Recipe<'_>,
) -> Result<u8, Trouble> {
    let folder = folder(args, scenario, &format!("{}..{}", seeds.first, seeds.last))?;
    let list = seeds.list();
    let meter = Meter::of_runs(&scenario.name, list.len() as u64, cli.quiet);
    let swept = sweep::sweep(scenario, &list, &|seed| recipe.command(seed), &meter);
    meter.finish();
    let swept = swept
        .map_err(|(seed, error)| Trouble::of_run(&error, &scenario.plan, &recipe.command(seed)))?;
    let mut bundle = Bundle::default();
    bundle.add("result.json", json::to_json(&swept.result));
    let charts = charts::sweep(&swept.result);
    bundle.add("report.html", page::sweep(&swept.result, &charts));
    for chart in charts {
        bundle.add(format!("charts/{}.svg", chart.id), chart.svg);
    }
    let report = write(&bundle, &folder)?;
    let code = sweep_code(&swept.result, swept.broken);
    if is_told(cli, code) {
        shown(print(&summary::sweep(&swept.result, look(cli.color), Some(&report))))?;
    }
    Ok(code)
}

/// Whether what came of a run is told. Who wants to hear of problems alone hears of them.
const fn is_told(cli: &Cli, code: u8) -> bool {
    !cli.quiet || code != exit::PASSED
}

/// Where the results go. That they can is seen now, so that a long run does not end before a closed door.
fn folder(args: &RunArgs, scenario: &Scenario, seeds: &str) -> Result<(PathBuf, Folder), Trouble> {
    let usual = || Path::new("cascadia-out").join(usual_name(args, scenario, seeds));
    let path = args.out.clone().unwrap_or_else(usual);
    match Folder::prepare(&path, args.out.is_none()) {
        Ok(folder) => Ok((path, folder)),
        Err(error) => Err(unwritable(&path, &error)),
    }
}

/// Most bytes of the names in that of a folder, which has room for what follows them.
const NAMED: usize = 150;

/// What tells a run from others: its scenario, its variant, its seeds, and what else was changed.
fn usual_name(args: &RunArgs, scenario: &Scenario, seeds: &str) -> String {
    let variant = scenario.variant.as_ref().map(|variant| format!("-{variant}"));
    let name = format!("{}{}", scenario.name, variant.unwrap_or_default());
    let name = name.replace(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)), "_");
    let name = &name[..name.floor_char_boundary(NAMED)];
    let sets = &args.changes.sets;
    let changed = simulate::fingerprint(&sets.join("\n"));
    let changed = (!sets.is_empty()).then(|| format!("-set-{}", &changed[..8]));
    format!("{name}-{seeds}{}", changed.unwrap_or_default())
}

fn write(bundle: &Bundle, (path, folder): &(PathBuf, Folder)) -> Result<String, Trouble> {
    folder.write(bundle).map_err(|error| unwritable(path, &error))?;
    Ok(path.join("report.html").display().to_string())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Trouble {
    let path = path.display().to_string();
    let path = line(&path);
    Trouble::usage(format!("cannot write to {path}: {error}; choose another folder with --out DIR"))
}

fn speed(result: &RunResult, began: Instant) -> String {
    let seconds = began.elapsed().as_secs_f64();
    let offered: u64 = result.loads.values().map(|load| load.offered).sum();
    format!(
        "{} in {}: {} requests, {} events",
        format::duration(result.simulated_ns as f64),
        format::duration(seconds * 1e9),
        format::rate(offered as f64 / seconds),
        format::rate(result.events as f64 / seconds),
    )
}

/// The exit code of a run.
pub(crate) fn code(result: &RunResult) -> u8 {
    if result.invariants.iter().any(|law| !law.passed) {
        exit::INVARIANT
    } else if result.interrupted {
        exit::INTERRUPTED
    } else {
        verdict_code(result.verdict)
    }
}

/// The exit code of a sweep.
pub(crate) fn sweep_code(result: &SweepResult, broken: bool) -> u8 {
    if broken {
        exit::INVARIANT
    } else if result.interrupted {
        exit::INTERRUPTED
    } else {
        verdict_code(result.verdict)
    }
}

const fn verdict_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Passed => exit::PASSED,
        Verdict::Failed => exit::FAILED,
        Verdict::Inconclusive => exit::INCONCLUSIVE,
    }
}

/// A command that only prints.
pub(crate) fn shown(printed: std::io::Result<()>) -> Result<u8, Trouble> {
    match printed {
        Ok(()) => Ok(exit::PASSED),
        Err(error) => Err(Trouble::usage(format!("cannot print: {error}"))),
    }
}
