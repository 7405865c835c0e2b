//! The shipped scenarios.

use std::fs;

use crate::bill::dishonest;
use crate::support::{cascadia, folder, root, scenario, stderr, stdout};

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

#[test]
fn every_variant_ends_as_it_expects() {
    let junit = folder("shipped").join("junit.xml");
    let arguments = ["check", "scenarios", "--variants", "--junit", junit.to_str().unwrap()];
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
fn every_one_keeps_its_laws_and_its_bill_under_other_seeds() {
    for file in files().iter().filter(|file| !file.contains("mm1")) {
        for seed in [2, 3] {
            let scenario = scenario(file);
            let run = scenario.run(seed).unwrap();
            assert_eq!(dishonest(file, scenario.bill(), run.result()), None);
            let broken = run.result().invariants.iter().find(|law| !law.passed);
            assert_eq!(broken, None, "{file}");
        }
    }
}
