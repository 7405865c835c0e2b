//! Same scenario, same seed, same version: the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::shipped::{RUNS, Ran};
use crate::support::{cascadia, folder, root, runs, scenario};

/// Every file below a folder, by its relative path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(base: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(base, &path, found);
            } else {
                let name = path.strip_prefix(base).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

#[test]
fn a_run_writes_the_same_bytes_twice() {
    let folder = folder("twice");
    let run = |out: &str, seed: &str| {
        let out = folder.join(out);
        let file = "scenarios/retry-storm.json";
        let arguments = ["run", file, "--seed", seed, "--out", out.to_str().unwrap(), "--quiet"];
        let output = cascadia(&root(), &arguments);
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
        files(&out)
    };
    let first = run("first", "5");
    assert!(first.len() >= 9, "{:?}", first.keys());
    assert_eq!(first, run("second", "5"));
    assert_ne!(first["result.json"], run("third", "6")["result.json"]);
}

/// The digest of every shipped scenario and variant under seed 1. A change here is a change of
/// results: say in the commit why it had to be.
#[test]
fn digests_are_golden() {
    let line = |ran: &Ran| format!("{}  {}\n", ran.digest, ran.name());
    let lines: String = RUNS.iter().map(line).collect();
    let golden = root().join("tests/digests.txt");
    if std::env::var_os("CASCADIA_UPDATE").is_some() {
        fs::write(&golden, &lines).unwrap();
    }
    let golden = fs::read_to_string(golden).unwrap();
    let other: Vec<_> =
        lines.lines().filter(|line| !golden.lines().any(|known| known == *line)).collect();
    assert!(other.is_empty(), "other results than before:\n{}", other.join("\n"));
    assert_eq!(golden.lines().count(), lines.lines().count(), "something is shipped no more");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let scenario = scenario("scenarios/zone-loss.json");
    let seeds: Vec<u64> = (1..=4).collect();
    let alone: Vec<_> =
        seeds.iter().map(|seed| scenario.run(*seed).unwrap().result().clone()).collect();
    assert_eq!(alone, runs(&scenario, &seeds));
}

#[test]
fn the_order_of_declarations_changes_nothing() {
    let text = fs::read_to_string(root().join("scenarios/cascade.json")).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = |text: &str| {
        let scenario = cascadia::Scenario::parse("cascade.json", text).unwrap();
        scenario.run(3).unwrap().result().clone()
    };
    let before = run(&text);
    for section in ["services", "load", "policies"] {
        let object = value[section].as_object().unwrap();
        let reversed: Vec<String> = object
            .iter()
            .rev()
            .map(|(name, member)| format!("{}: {member}", serde_json::Value::from(name.clone())))
            .collect();
        value[section] = serde_json::Value::String(format!("@{section}@"));
        let text = value
            .to_string()
            .replace(&format!("\"@{section}@\""), &format!("{{ {} }}", reversed.join(", ")));
        let after = run(&text);
        assert_eq!(before.digest, after.digest, "{section}");
        assert_eq!(before.loads, after.loads, "{section}");
        value = serde_json::from_str(&text).unwrap();
    }
}
