//! Two at a time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{files, small};
use crate::support::{cascadia, folder, full, stderr};

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cascadia"));
    command.current_dir(folder).args(arguments).env("LANG", "C.UTF-8");
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

const TWO: [&[&str]; 2] = [&["run", "small.json"], &["run", "small.json", "--variant", "bare"]];

/// What each of the two writes when nobody else does.
fn alone(folder: &Path) -> [BTreeMap<String, Option<String>>; 2] {
    TWO.map(|arguments| {
        let output = cascadia(folder, &[arguments, &["--out", "alone"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        files(&folder.join("alone"))
    })
}

#[test]
fn two_runs_into_one_folder_leave_the_whole_result_of_one() {
    let folder = folder("pairs");
    fs::write(folder.join("small.json"), small().to_string()).unwrap();
    let alone = alone(&folder);
    assert_ne!(alone[0].keys().collect::<Vec<_>>(), alone[1].keys().collect::<Vec<_>>());
    for pair in 0..if full() { 200 } else { 20 } {
        let both = TWO.map(|arguments| start(&folder, &[arguments, &["--out", "both"]].concat()));
        for child in both {
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "pair {pair}: {}", stderr(&output));
        }
        let left = files(&folder.join("both"));
        assert!(alone.contains(&left), "pair {pair}: {:?}", left.keys());
        let beside = files(&folder);
        let partial = beside.keys().find(|name| name.contains("partial"));
        assert_eq!(partial, None, "pair {pair}");
    }
}

#[test]
fn what_an_earlier_run_left_does_not_stay_among_the_new() {
    let folder = folder("stale");
    fs::write(folder.join("small.json"), small().to_string()).unwrap();
    let alone = alone(&folder);
    assert_eq!(files(&folder.join("alone")), alone[1]);
    for (arguments, expected) in TWO.iter().zip(&alone) {
        cascadia(&folder, &[arguments, &["--out", "alone"][..]].concat());
        assert_eq!(&files(&folder.join("alone")), expected);
    }
}

#[test]
fn changed_runs_have_folders_of_their_own() {
    let folder = folder("changed");
    fs::write(folder.join("small.json"), small().to_string()).unwrap();
    for rate in ["50/s", "60/s", "50/s"] {
        let set = format!("load.users.open.constant={rate}");
        let output = cascadia(&folder, &["run", "small.json", "--set", &set]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    assert_eq!(cascadia(&folder, &["run", "small.json"]).status.code(), Some(0));
    let results = files(&folder.join("cascadia-out"));
    let results = results.keys().filter(|name| name.ends_with("/result.json")).count();
    assert_eq!(results, 3);
}
