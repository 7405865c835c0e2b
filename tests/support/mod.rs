//! What the tests share.

#[cfg_attr(madsim, expect(dead_code, reason = "random worlds are of the first engine"))]
mod worlds;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cascadia::Scenario;
use cascadia::result::RunResult;
use rayon::prelude::*;

#[cfg(not(madsim))]
pub(crate) use self::worlds::{Played, drawn, exceeded, hold, play};
pub(crate) use self::worlds::{broken, full};

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
