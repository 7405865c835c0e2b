//! What is wrong is said, with its place and the likely fix, and nothing is left half written.

use std::fs;

use crate::support::{cascadia, folder, root, stderr};

#[test]
fn a_missing_file_is_a_matter_of_files() {
    let output = cascadia(&root(), &["run", "scenarios/retry-strom.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("did you mean scenarios/retry-storm.json?"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn every_mistake_is_told_at_once() {
    let folder = folder("mistakes");
    let text = r#"{
  "version": 1, "name": "bad", "run": { "duration": "10" },
  "services": { "db": { "workers": 0, "endpoints": { "get": [ { "compute": "5 parsecs" } ] } } },
  "load": { "users": { "target": "dbb.get", "open": { "poisson": "-5/s" } } },
  "wrong": 1
}"#;
    fs::write(folder.join("bad.json"), text).unwrap();
    let output = cascadia(&folder, &["run", "bad.json"]);
    assert_eq!(output.status.code(), Some(3));
    let told = stderr(&output);
    for part in ["bad.json:2", "bad.json:3", "bad.json:4", "bad.json:5", "parsecs", "wrong"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert!(!folder.join("cascadia-out").exists(), "nothing is written");
}

#[test]
fn an_unwritable_folder_is_told_before_the_run() {
    let folder = folder("unwritable");
    fs::write(folder.join("file"), "").unwrap();
    let file = root().join("scenarios/retry-storm.json");
    let arguments = ["run", file.to_str().unwrap(), "--out", "file/out"];
    let output = cascadia(&folder, &arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--out DIR"), "{}", stderr(&output));
}

#[test]
fn bombs_are_refused_quickly_and_with_their_cost() {
    let folder = folder("bombs");
    let storm = fs::read_to_string(root().join("scenarios/retry-storm.json")).unwrap();
    let bombs = [
        ("replicas", storm.replace("\"replicas\": 2", "\"replicas\": 1000000000")),
        ("requests", storm.replace("1200/s", "10000000000/s")),
        ("century", storm.replace("\"120s\"", "\"36525d\"")),
        ("brackets", "[".repeat(1_000_000)),
    ];
    for (name, text) in bombs {
        fs::write(folder.join("bomb.json"), text).unwrap();
        let output = cascadia(&folder, &["run", "bomb.json"]);
        assert_eq!(output.status.code(), Some(3), "{name}: {}", stderr(&output));
        assert!(name == "brackets" || stderr(&output).contains("--force"), "{}", stderr(&output));
    }
}

/// Files that a program wrote have a single line.
#[test]
fn a_mistake_far_along_a_line_is_shown_where_it_is() {
    let folder = folder("columns");
    let text = |gap: usize| {
        let (gap, more) = (" ".repeat(gap), " ".repeat(70_000));
        format!(
            r#"{{ "version": 1, "name": "x", "run": {{ "duration": "1s" }},{gap}"services": {{ "db": {{ "endpoints": {{ "get": [ {{ "compute": "1ms" }} ] }} }} }}, "load": {{ "u": {{ "target": "bd.get",{more}"policy": "p", "open": {{ "constant": "1/s" }} }} }}, "policies": {{ "p": [ {{ "balance": "p2c" }},{more}{{ "balance": "random" }} ] }} }}"#
        )
    };
    for gap in [0, 900, 60_000, 65_400, 65_600, 1_000_000] {
        let text = text(gap);
        let column = text.find("bd.get").unwrap() + 1;
        fs::write(folder.join("line.json"), text).unwrap();
        for command in ["run", "validate", "check"] {
            let output = cascadia(&folder, &[command, "line.json"]);
            let told = stderr(&output);
            assert_eq!(output.status.code(), Some(3), "{command}: {told:.2000}");
            assert!(told.contains(&format!("line.json:1:{column}]")), "{told:.2000}");
            assert!(told.contains("balances twice") && told.len() < 10_000, "{told:.2000}");
        }
    }
}

#[test]
fn a_wrong_command_line_says_what_to_do() {
    for (arguments, part) in [
        (vec!["run", "x.json", "--seed", "abc"], "whole number"),
        (vec!["run", "x.json", "--seeds", "20..1"], "did you mean 1..20?"),
        (vec!["rnu"], "'run'"),
        (vec!["run"], "FILE"),
    ] {
        let output = cascadia(&root(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}

/// What is wrong with the file itself is told as that, whatever else the command line says.
#[test]
fn a_set_or_a_variant_that_cannot_be_is_the_command_line() {
    let folder = folder("said");
    let storm = fs::read_to_string(root().join("scenarios/retry-storm.json")).unwrap();
    fs::write(folder.join("storm.json"), &storm).unwrap();
    fs::write(folder.join("bad.json"), storm.replace("\"db.insert\"", "\"bd.insert\"")).unwrap();
    for (arguments, code, part) in [
        (&["run", "storm.json", "--variant", "naiv"][..], 2, "did you mean `naive`?"),
        (&["run", "storm.json", "--set", "services.db.workers=0"], 2, "--set"),
        (&["check", "storm.json", "--set", "services.bd.workers=8"], 2, "did you mean `db`?"),
        (&["validate", "storm.json", "--set", "services.db.workers=0"], 2, "--set"),
        (&["run", "bad.json", "--variant", "naiv"], 3, "bd"),
        (&["validate", "bad.json", "--set", "services.db.workers=0"], 3, "bd"),
    ] {
        let output = cascadia(&folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn clients_that_never_wait_are_told_so() {
    let folder = folder("livelock");
    let text = r#"{ "version": 1, "name": "spin", "run": { "duration": "1s" },
  "services": { "s": { "workers": "unlimited", "endpoints": { "e": [ { "compute": "0ms" } ] } } },
  "load": { "l": { "target": "s.e", "closed": { "clients": 1, "think": "0ms" } } } }"#;
    fs::write(folder.join("spin.json"), text).unwrap();
    let output = cascadia(&folder, &["run", "spin.json", "--force"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("think time"), "{}", stderr(&output));
}
