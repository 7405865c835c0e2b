//! The README has every kind of the language, as the schema tells them, and a scenario that does what it says.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::support::{cascadia, folder, root, stderr, stdout};

/// The row of each, and the parts of the schema whose keys it names.
const ROWS: [(&str, &[&str]); 12] = [
    ("service", &["Service"]),
    ("store", &["Store", "Keeps", "Quorum", "Replicated", "Elected"]),
    ("broker", &["Broker", "Flushing"]),
    ("topic", &["Topic"]),
    ("consume", &["Consume", "Acknowledge"]),
    ("step", &["Step"]),
    ("publish", &["Publish"]),
    ("request", &["Request"]),
    ("law", &["Law", "LawKind"]),
    ("policy", &["Layers"]),
    ("load", &["Load", "OpenLoad", "Closed"]),
    ("fault", &["Fault"]),
];

/// What people know without a table.
const PLAIN: [&str; 5] = ["description", "name", "at", "for", "target"];

/// Which row another part has, seen from one.
fn other_row(row: &str, part: &str) -> Option<&'static str> {
    let found = ROWS.iter().find(|(name, parts)| *name != row && parts.contains(&part));
    found.map(|(name, _)| *name)
}

/// The keys of a part, or of its alternatives; of one that has a row of its own, the name of that.
fn keys<'a>(row: &str, schema: &'a Value, part: &'a Value, found: &mut BTreeSet<&'a str>) {
    let named = part["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    found.extend(named.filter(|key| !PLAIN.contains(key)));
    let others = ["oneOf", "anyOf"].into_iter().filter_map(|key| part[key].as_array()).flatten();
    for other in others {
        let target = other["$ref"].as_str();
        let part = target.and_then(|target| target.strip_prefix("#/$defs/"));
        if let Some(name) = part.and_then(|part| other_row(row, part)) {
            found.insert(name);
            continue;
        }
        let target = target.and_then(|target| schema.pointer(&target[1..]));
        keys(row, schema, target.unwrap_or(other), found);
    }
}

#[test]
fn the_readme_has_every_kind_of_the_language() {
    let text = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let schema: Value = serde_json::from_str(&text("scenarios/scenario.schema.json")).unwrap();
    let readme = text("README.md");
    for (name, parts) in ROWS {
        let head = format!("| {name} |");
        let row = readme.lines().find(|line| line.starts_with(&head)).expect("there is a row");
        let mut all = BTreeSet::new();
        parts.iter().for_each(|part| keys(name, &schema, &schema["$defs"][part], &mut all));
        assert!(all.len() > 3, "{name}: {all:?}");
        let missing: Vec<_> = all.iter().filter(|key| !row.contains(&format!("`{key}`"))).collect();
        assert!(missing.is_empty(), "the row of {name} has no {missing:?}");
    }
}

/// The scenario that teaches the language, and what it says of its variant.
#[test]
fn the_scenario_of_the_readme_passes_and_its_variant_fails() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```jsonc\n").unwrap();
    let (scenario, _) = rest.split_once("```").unwrap();
    let folder = folder("readme-scenario");
    fs::write(folder.join("shop.jsonc"), scenario).unwrap();
    let output = cascadia(&folder, &["validate", "shop.jsonc"]);
    assert!(stdout(&output).contains("0 invalid, 0 warnings"), "{}", stderr(&output));
    let output = cascadia(&folder, &["check", "shop.jsonc", "--variants"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}
