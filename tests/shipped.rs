//! The shipped scenarios.

use std::fs;
use std::sync::LazyLock;

use cascadia::Scenario;
use cascadia::result::{RunResult, Verdict};
use rayon::prelude::*;

use crate::bill::dishonest;
#[cfg(not(madsim))]
use crate::cascades::Told;
use crate::claims::{Looked, look};
use crate::engines::{Figures, of_run};
use crate::support::{broken, cascadia, folder, root, scenario, stderr, stdout};

/// Every shipped scenario file.
pub(crate) fn files() -> Vec<String> {
    let entries = fs::read_dir(root().join("scenarios")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter(|name| name.ends_with(".json") && !name.ends_with(".schema.json"))
        .map(|name| format!("scenarios/{name}"))
        .collect();
    names.sort();
    names
}

/// What these show is what is warned of: a memory that is too short, a retry that does not happen, those
/// that go on until it works, a store that a variant does without, and in variants retries that nothing bounds and
/// calls that wait for ever.
const WARNED: [(&str, &[&str]); 8] = [
    ("dedupe-window", &["S088"]),
    ("idempotency-key", &["S082", "S080"]),
    ("outbox-id-gap", &["S095", "S095"]),
    ("retried-post", &["S083"]),
    ("retry-backoff", &["S092"]),
    ("retry-storm", &["S092"]),
    ("row-contention", &["S082"]),
    ("timeouts", &["S095"]),
];

#[test]
fn every_one_is_valid_without_a_warning() {
    for file in files() {
        let output = cascadia(&root(), &["validate", &file]);
        assert_eq!(output.status.code(), Some(0), "{file}: {}", stderr(&output));
        let warned = WARNED.iter().find(|(name, _)| file.ends_with(&format!("/{name}.json")));
        let told = stderr(&output);
        let codes: Vec<&str> = told.lines().filter(|line| line.starts_with('S')).collect();
        assert_eq!(codes, warned.map_or(&[][..], |(_, codes)| codes), "{file}: {told}");
    }
}

/// What came of a file or a variant of it under seed 1.
pub(crate) struct Ran {
    pub(crate) file: String,
    /// None where it is the file as it stands.
    pub(crate) variant: Option<String>,
    pub(crate) digest: String,
    #[cfg_attr(madsim, expect(dead_code, reason = "the first engine's are held to a file"))]
    pub(crate) figures: Vec<Figures>,
    /// What is told of it, and whether that is so.
    pub(crate) looked: Looked,
    /// Why it is told to have gone so.
    #[cfg(not(madsim))]
    pub(crate) told: Told,
    wrong: Vec<String>,
}

/// All of them. Many tests look at these runs, and each would take a minute for its own.
pub(crate) static RUNS: LazyLock<Vec<Ran>> = LazyLock::new(|| {
    let all = files().into_iter().flat_map(|file| {
        let base = scenario(&file);
        let variant =
            |name: &str| (file.clone(), Some(name.to_owned()), base.variant(name).unwrap());
        let variants: Vec<_> = base.variants().map(variant).collect();
        std::iter::once((file, None, base)).chain(variants)
    });
    let all: Vec<(String, Option<String>, Scenario)> = all.collect();
    all.into_par_iter()
        .map(|(file, variant, scenario)| Ran::new(file, variant, &scenario))
        .collect()
});

impl Ran {
    fn new(file: String, variant: Option<String>, scenario: &Scenario) -> Self {
        let run = scenario.run(1).unwrap();
        let (digest, figures) = (run.result().digest.clone(), of_run(&file, run.result()));
        let (looked, wrong) = (look(run.result()), wrong(scenario, run.result()));
        let mut ran = Self {
            file,
            variant,
            digest,
            figures,
            looked,
            #[cfg(not(madsim))]
            told: Told::of(run.result()),
            wrong,
        };
        ran.wrong.extend(dishonest(&ran.name(), scenario.bill(), run.result()));
        ran
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.file, self.variant.as_deref().unwrap_or_default())
    }
}

/// What a run breaks: its laws, or what its checks are expected to say.
fn wrong(scenario: &Scenario, result: &RunResult) -> Vec<String> {
    let expected = match scenario.is_expected_to_fail() {
        true => Verdict::Failed,
        false => Verdict::Passed,
    };
    let mut wrong = broken(result);
    wrong.extend((result.verdict != expected).then(|| format!("it ends {:?}", result.verdict)));
    wrong
}

#[test]
fn every_one_ends_as_it_expects_and_keeps_its_laws_and_its_bill() {
    let wrong = RUNS.iter().filter(|ran| !ran.wrong.is_empty());
    let told: Vec<_> =
        wrong.map(|ran| format!("{}: {}", ran.name(), ran.wrong.join("; "))).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn a_check_of_a_file_runs_its_variants_against_what_each_expects() {
    let junit = folder("shipped").join("junit.xml");
    let file = "scenarios/retried-post.json";
    let arguments = ["check", file, "--variants", "--junit", junit.to_str().unwrap()];
    let output = cascadia(&root(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let junit = fs::read_to_string(junit).unwrap();
    assert!(junit.contains("fails as expected") && !junit.contains("<failure"), "{junit}");
}

#[test]
fn every_file_is_listed() {
    let listed = stdout(&cascadia(&root(), &["list"]));
    for file in files() {
        let name = file.trim_start_matches("scenarios/").trim_end_matches(".json");
        assert!(listed.lines().any(|line| line.starts_with(name)), "{name} is not in\n{listed}");
    }
    assert_eq!(listed.lines().count(), files().len());
}

#[test]
fn every_file_keeps_its_laws_and_its_bill_under_another_seed() {
    for file in files().iter().filter(|file| !file.contains("mm1")) {
        let scenario = scenario(file);
        let run = scenario.run(2).unwrap();
        assert_eq!(dishonest(file, scenario.bill(), run.result()), None);
        assert_eq!(broken(run.result()), [""; 0], "{file}");
    }
}
