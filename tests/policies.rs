//! Every policy is everywhere where policies are listed.

use std::collections::BTreeSet;
use std::fs;

use cascadia_patterns::catalogue::POLICIES;
use serde_json::Value;

use crate::support::root;

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Policies whose layers a scenario can name.
fn written() -> impl Iterator<Item = &'static str> {
    POLICIES.into_iter().filter(|policy| !policy.files().is_empty()).map(|policy| policy.name)
}

#[test]
fn the_language_has_the_layers_of_every_policy_and_no_others() {
    let schema: Value = serde_json::from_str(&text("scenarios/scenario.schema.json")).unwrap();
    let variants = schema["$defs"]["Layers"]["oneOf"].as_array().unwrap();
    let keys =
        variants.iter().flat_map(|variant| variant["properties"].as_object().unwrap().keys());
    let known: BTreeSet<&str> =
        keys.map(String::as_str).filter(|key| *key != "description").collect();
    let expected = POLICIES.iter().flat_map(|policy| policy.files().iter().copied());
    assert_eq!(known, expected.collect());
}

#[test]
fn the_tables_have_every_policy() {
    let readme = text("README.md");
    let row = readme.lines().find(|line| line.starts_with("| policy |")).unwrap();
    let (tour, elsewhere) = (text("patterns/src/lib.rs"), text("patterns/src/equivalents.rs"));
    for policy in POLICIES {
        let name = policy.name;
        for file in policy.files() {
            assert!(row.contains(&format!("`{file}`")), "the README does not have {file}");
        }
        assert!(tour.contains(&format!("| [`{name}`] |")), "the tour does not have {name}");
        assert!(
            elsewhere.contains(&format!("(crate::{name}")),
            "nobody says what {name} is elsewhere"
        );
    }
}

#[test]
fn every_layer_is_tried_around_every_other() {
    let tried: Vec<_> = crate::pairs::layers().collect();
    for file in POLICIES.iter().flat_map(|policy| policy.files()) {
        let key = format!("\"{file}\":");
        assert!(tried.iter().any(|json| json.contains(&key)), "no pair has {file}");
    }
}

#[test]
fn every_policy_is_looked_at_for_what_it_allocates_and_costs() {
    for path in ["tests/allocations/stacks.rs", "benches/layers/ours.rs"] {
        let text = text(path);
        for name in written() {
            assert!(text.contains(&format!("cascadia_patterns::{name}::")), "{path}: {name}");
        }
    }
}
