//! What the tests share.

use std::fmt::Debug;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cascadia::result::RunResult;
use cascadia::{Bill, Scenario};
use rayon::prelude::*;
use serde_json::Value;

/// Whether the seed-heavy tests run in full.
pub(crate) fn full() -> bool {
    std::env::var_os("CASCADIA_FULL").is_some_and(|value| value == "1")
}

/// The seeds of random worlds: so many, in full so many; or as a variable says, such as `17` or `7..9`.
pub(crate) fn drawn(variable: &str, usual: u64, in_full: u64) -> Range<u64> {
    let number = |text: &str| text.trim().parse::<u64>().expect("a seed or a range such as 0..200");
    match std::env::var(variable) {
        Ok(text) => match text.split_once("..") {
            Some((from, until)) => number(from)..number(until),
            None => number(&text)..number(&text) + 1,
        },
        Err(_) => 0..if full() { in_full } else { usual },
    }
}

/// What comes of a random world, which is shown where somebody wants to see it.
#[expect(clippy::print_stdout, reason = "who asks for one world wants to see it")]
pub(crate) fn play(seed: u64, kind: impl Debug, file: &Value, is_shown: bool) -> RunResult {
    let text = serde_json::to_string_pretty(file).unwrap();
    if is_shown {
        println!("{text}");
    }
    let scenario = Scenario::parse("world", &text);
    let scenario = scenario.unwrap_or_else(|wrong| panic!("{kind:?} {seed}: {wrong}"));
    let run = scenario.run(seed).unwrap_or_else(|wrong| panic!("{kind:?} {seed}: {wrong}"));
    assert_eq!(exceeded(scenario.bill(), run.result()), None, "{kind:?} {seed}");
    if is_shown {
        println!("{run}");
    }
    run.result().clone()
}

/// The events of a run, where they are far more than on its bill.
pub(crate) fn exceeded(bill: &Bill, result: &RunResult) -> Option<String> {
    let (events, billed) = (result.events as f64, bill.events.total);
    (events > 1.5 * billed).then(|| format!("{events} events, of {billed} on the bill"))
}

/// Holds that nothing is wrong in any world.
pub(crate) fn hold(
    seeds: Range<u64>,
    kind: impl Debug + Sync,
    wrong: impl Fn(u64) -> Vec<String> + Sync,
) {
    let told = |seed: u64| {
        let wrong = wrong(seed);
        (!wrong.is_empty()).then(|| format!("{kind:?} {seed}: {}", wrong.join("; ")))
    };
    let worlds: Vec<_> = seeds.into_par_iter().filter_map(told).collect();
    assert!(worlds.is_empty(), "{} worlds:\n{}", worlds.len(), worlds.join("\n"));
}

/// The laws that a run has broken.
pub(crate) fn broken(result: &RunResult) -> Vec<String> {
    let broken = result.invariants.iter().filter(|law| !law.passed);
    broken.map(|law| format!("{}: {}", law.name, law.detail)).collect()
}

/// The seeds of the seed-heavy tests.
pub(crate) fn seeds() -> Vec<u64> {
    (1..=if full() { 20 } else { 4 }).collect()
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A scenario file of the repository.
pub(crate) fn scenario(path: &str) -> Scenario {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    Scenario::parse(path, &text).unwrap()
}

/// The results of `scenario` under each of `seeds`, in their order.
pub(crate) fn runs(scenario: &Scenario, seeds: &[u64]) -> Vec<RunResult> {
    seeds.par_iter().map(|seed| scenario.run(*seed).unwrap().result().clone()).collect()
}

/// The command line, in a folder.
pub(crate) fn cascadia(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cascadia"));
    command.current_dir(folder).args(arguments).env_remove("NO_COLOR").env("LANG", "C.UTF-8");
    command.output().unwrap()
}

/// A fresh folder for one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Mean and standard error of the mean.
pub(crate) fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}
