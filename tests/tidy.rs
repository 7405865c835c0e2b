//! House rules that no lint knows.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::root;

pub(crate) fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                walk(&path, found);
            } else if name.ends_with(".rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found
}

#[test]
fn files_can_be_read_in_one_sitting() {
    for path in sources() {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        let most = if path.to_string_lossy().contains("/tests/") { 800 } else { 600 };
        assert!(lines <= most, "{} has {lines} lines", path.display());
    }
}

#[test]
fn nothing_is_left_for_later() {
    let words =
        ["TO", "FIX"].map(|start| format!("{start}{}", if start == "TO" { "DO" } else { "ME" }));
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let left = text.lines().find(|line| words.iter().any(|word| line.contains(word)));
        assert_eq!(left, None, "{}", path.display());
    }
}

#[test]
fn dependencies_run_one_way() {
    let allowed = [
        ("runtime", vec![]),
        ("sim-core", vec!["runtime"]),
        ("patterns", vec!["runtime"]),
        ("models", vec!["runtime", "sim-core", "patterns"]),
        ("scenarios", vec!["runtime", "patterns", "models"]),
        ("reports", vec![]),
        ("testbed", vec!["runtime", "sim-core", "patterns", "models"]),
    ];
    for (krate, allowed) in allowed {
        let manifest = fs::read_to_string(root().join(krate).join("Cargo.toml")).unwrap();
        let used =
            manifest.lines().filter_map(|line| line.strip_prefix("cascadia-")?.split_once('.'));
        for (used, _) in used {
            assert!(allowed.contains(&used), "{krate} must not depend on {used}");
        }
    }
}

#[test]
fn only_the_command_line_touches_the_outside() {
    for krate in ["sim-core", "patterns", "models", "scenarios", "reports", "testbed"] {
        for path in sources().iter().filter(|path| path.starts_with(root().join(krate).join("src")))
        {
            let text = fs::read_to_string(path).unwrap();
            // Addresses without sockets are in `core::net`.
            for outside in ["std::fs", "std::env", "std::net", "std::process"] {
                let tests = path.to_string_lossy().contains("tests");
                assert!(tests || !text.contains(outside), "{} uses {outside}", path.display());
            }
        }
    }
}

/// Renaming a variant must not rename what people read: `{:?}` may quote a text, and nothing else.
#[test]
fn what_is_shown_is_not_what_derives_make() {
    let quoted = ["{name:?}", "{key:?}"];
    for krate in ["models", "scenarios", "reports", "."] {
        let folder = root().join(krate).join("src");
        for path in sources().iter().filter(|path| path.starts_with(&folder)) {
            let text = fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            let tests = path.to_string_lossy().contains("tests");
            let is_derived = |line: &&str| {
                let rest =
                    quoted.iter().fold((*line).to_owned(), |rest, text| rest.replace(text, ""));
                rest.contains(":?}") && !rest.contains("assert")
            };
            let derived = code.lines().find(|line| !tests && is_derived(line));
            assert_eq!(derived, None, "{}", path.display());
        }
    }
}

/// What is copied from an example runs on many hosts, which must not draw the same numbers.
#[test]
fn examples_for_production_have_no_seed() {
    let is_shown = |path: &Path, line: &str| {
        let line = line.trim_start();
        path.starts_with(root().join("examples"))
            || ["//!", "///"].iter().any(|doc| line.starts_with(doc))
    };
    let crates = ["examples", "patterns", "runtime"];
    let sources = sources().into_iter();
    for path in sources.filter(|path| crates.iter().any(|name| path.starts_with(root().join(name))))
    {
        let text = fs::read_to_string(&path).unwrap();
        let seeded = text.lines().find(|line| is_shown(&path, line) && line.contains("from_seed("));
        assert_eq!(seeded, None, "{}", path.display());
    }
}

/// The files that the tour of a crate leads through are there.
#[test]
fn the_files_that_tours_name_exist() {
    let crates = ["runtime", "sim-core", "patterns", "models", "scenarios", "reports"];
    let starts = crates.map(|name| format!("{name}/src/"));
    let starts = || starts.iter().map(String::as_str).chain(["src/"]);
    let tours = crates.map(|name| root().join(name).join("src/lib.rs"));
    for tour in tours.iter().chain([&root().join("src/lib.rs")]) {
        let text = fs::read_to_string(tour).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("//!"));
        let is_part = |letter: char| letter.is_alphanumeric() || "-_./<>".contains(letter);
        let words = lines.flat_map(|line| line.split(|letter| !is_part(letter)));
        let paths = words.map(|word| word.trim_end_matches('.'));
        // A name in `<>` stands for one that is yet to be chosen.
        let named: Vec<_> = paths
            .filter(|path| starts().any(|start| path.starts_with(start)))
            .filter(|path| !path.contains('<'))
            .collect();
        assert!(!named.is_empty(), "{} names no file", tour.display());
        for path in named {
            assert!(root().join(path).exists(), "{} names {path}", tour.display());
        }
    }
}
