//! Small scenarios that say what no shipped one does, and results that no scenario has.

use std::ffi::OsString;
use std::fs;
use std::sync::LazyLock;

use cascadia::Scenario;
use cascadia::result::{RunResult, Verdict};
use rayon::prelude::*;

use super::{Looked, look};
use crate::support::{root, scenario};

/// What came of looking at them, by their names.
pub(super) static LOOKED: LazyLock<Vec<(String, Looked)>> = LazyLock::new(|| {
    let runs: Vec<(String, RunResult)> = all().into_par_iter().map(run).collect();
    let edited: Vec<_> = runs.iter().take(3).flat_map(|(name, run)| edited(name, run)).collect();
    let all = runs.into_par_iter().chain(edited);
    all.map(|(name, run)| (name, look(&run))).collect()
});

/// Every file, and every variant of it.
fn all() -> Vec<(String, Scenario)> {
    let entries = fs::read_dir(root().join("tests/claims/worlds")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let of = |name: OsString| {
        let name = name.into_string().unwrap();
        let base = scenario(&format!("tests/claims/worlds/{name}"));
        let variant = |variant: &str| (format!("{name} {variant}"), base.variant(variant).unwrap());
        let mut all: Vec<_> = base.variants().map(variant).collect();
        all.insert(0, (name.clone(), base.clone()));
        all
    };
    names.into_iter().flat_map(of).collect()
}

fn run((name, scenario): (String, Scenario)) -> (String, RunResult) {
    let run = scenario.run(1).unwrap();
    (name, run.result().clone())
}

/// A run that was cut short, and one that breaks a law of the simulator.
fn edited(name: &str, run: &RunResult) -> Vec<(String, RunResult)> {
    let interrupted = RunResult { interrupted: true, ..run.clone() };
    let mut broken = RunResult { verdict: Verdict::Failed, ..run.clone() };
    broken.invariants[0].passed = false;
    vec![(format!("{name}, interrupted"), interrupted), (format!("{name}, broken"), broken)]
}
