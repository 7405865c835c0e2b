//! The two engines: what the command line says of them, and whether they agree.
//!
//! The figures of our own engine are in `own.csv`. A build without `--cfg madsim` keeps them
//! current; one with it runs the same scenarios and compares. `CASCADIA_FULL=1` takes every seed and
//! every variant.

mod agreement;
mod command_line;
mod figures;

use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use cascadia::Scenario;
use rayon::prelude::*;

use self::agreement::compare;
pub(crate) use self::figures::{Figures, of_run};
#[cfg(not(madsim))]
use crate::shipped::RUNS;
use crate::support::{full, root, scenario};

/// The seeds of `own.csv`.
const SEEDS: u64 = 10;

fn golden() -> PathBuf {
    root().join("tests/engines/own.csv")
}

/// What our own engine measured under the first `seeds` seeds.
fn own(seeds: u64) -> Vec<Figures> {
    let text = fs::read_to_string(golden()).unwrap();
    let (head, lines) = text.split_once('\n').unwrap();
    assert_eq!(head, figures::HEAD);
    let all = lines.lines().map(|line| line.parse().unwrap());
    all.filter(|figures: &Figures| figures.seed <= seeds).collect()
}

/// So many variants of every shipped scenario; a file without any is one.
fn shipped(most: usize) -> Vec<(String, Scenario)> {
    let variants = |file: String| {
        let base = scenario(&file);
        let names: Vec<String> = base.variants().take(most).map(str::to_owned).collect();
        if names.is_empty() {
            return vec![(file, base)];
        }
        names.into_iter().map(|name| (file.clone(), base.variant(&name).unwrap())).collect()
    };
    crate::shipped::files().into_iter().flat_map(variants).collect()
}

/// What the engine of this build measures under `seeds`.
fn measure(scenarios: &[(String, Scenario)], seeds: RangeInclusive<u64>) -> Vec<Figures> {
    let runs: Vec<_> = scenarios
        .iter()
        .flat_map(|(file, scenario)| seeds.clone().map(move |seed| (file, scenario, seed)))
        .collect();
    let run = |(file, scenario, seed): &(&String, &Scenario, u64)| {
        of_run(file, scenario.run(*seed).unwrap().result())
    };
    runs.par_iter().flat_map_iter(run).collect()
}

/// Those of the first seed, of every variant and of the files without any.
#[cfg(not(madsim))]
fn of_the_first_seed() -> Vec<Figures> {
    let has_variants =
        |file: &str| RUNS.iter().any(|ran| ran.file == file && ran.variant.is_some());
    let compared = RUNS.iter().filter(|ran| ran.variant.is_some() || !has_variants(&ran.file));
    compared.flat_map(|ran| ran.figures.clone()).collect()
}

#[test]
#[cfg(not(madsim))]
fn the_figures_of_our_own_engine_are_golden() {
    let update = std::env::var_os("CASCADIA_UPDATE").is_some();
    let seeds = if full() || update { SEEDS } else { 1 };
    let mut measured = of_the_first_seed();
    measured.extend(measure(&shipped(usize::MAX), 2..=seeds));
    measured.sort_by(|a, b| (&a.case, a.seed).cmp(&(&b.case, b.seed)));
    if update {
        let lines = measured.iter().map(|figures| format!("{figures}\n"));
        fs::write(golden(), format!("{}\n{}", figures::HEAD, lines.collect::<String>())).unwrap();
    }
    let stale = measured.iter().zip(own(seeds)).find(|(measured, golden)| **measured != *golden);
    assert_eq!(stale, None);
    assert_eq!(measured.len(), own(seeds).len());
}

#[test]
#[cfg(madsim)]
#[expect(clippy::print_stdout, reason = "shown with --nocapture: the table of differences")]
fn both_engines_agree() {
    let (seeds, most) = if full() { (SEEDS, usize::MAX) } else { (4, 1) };
    let compared = compare(&own(seeds), &measure(&shipped(most), 1..=seeds));
    compared.iter().for_each(|case| println!("{case}"));
    let told: Vec<String> = compared.iter().flat_map(|case| case.disagreements()).collect();
    assert!(told.is_empty(), "{told:#?}");
}

/// Work that takes 3 % longer on one engine only.
#[test]
fn a_planted_error_is_told() {
    const FEW: u64 = 4;
    let (queue, shop) = ("scenarios/mm1.json", "scenarios/cascade.json");
    for (file, scenario, path, mean) in [
        (queue, scenario(queue), "services.server.endpoints.work[0].compute.exp.mean", "1030us"),
        (
            shop,
            scenario(shop).variant("bulkhead").unwrap(),
            "services.catalog.endpoints.list[0].compute.exp.mean",
            "5150us",
        ),
    ] {
        let planted = (file.to_owned(), scenario.set(path, mean).unwrap());
        let compared = compare(&own(FEW), &measure(&[planted], 1..=FEW));
        let told: Vec<String> = compared.iter().flat_map(|case| case.disagreements()).collect();
        assert!(told.iter().any(|told| told.contains("mean latency")), "{file}: {told:#?}");
    }
}

/// A gate that means the other engine must get it: flags of the environment can hide its own.
#[test]
fn the_engine_is_the_one_that_is_asked_for() {
    if let Some(asked) = std::env::var_os("CASCADIA_ENGINE") {
        assert_eq!(asked, if cfg!(madsim) { "madsim" } else { "own" });
    }
}
