//! Runs that do not end as they should.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{files, small};
use crate::support::{cascadia, folder, full, stderr};

#[test]
fn a_killed_run_leaves_the_old_result_or_the_new_one_and_the_next_cleans_up() {
    let folder = folder("kills");
    fs::write(folder.join("small.json"), small().to_string()).unwrap();
    let arguments = ["run", "small.json", "--out", "out"];
    let began = Instant::now();
    assert_eq!(cascadia(&folder, &arguments).status.code(), Some(0));
    let (took, whole) = (began.elapsed(), files(&folder.join("out")));
    cascadia(&folder, &["run", "small.json", "--out", "out", "--variant", "bare"]);
    let other = files(&folder.join("out"));
    let kills = if full() { 300 } else { 40 };
    let mut unfinished = 0;
    for kill in 0..kills {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cascadia"));
        child.current_dir(&folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.spawn().unwrap();
        thread::sleep(took.mul_f64(0.3 + 0.9 * f64::from(kill) / f64::from(kills)));
        child.kill().unwrap();
        child.wait().unwrap();
        let left = files(&folder.join("out"));
        assert!(left == whole || left == other, "kill {kill}: {:?}", left.keys());
        unfinished += files(&folder).keys().filter(|name| name.contains("partial")).count();
    }
    assert_eq!(cascadia(&folder, &arguments).status.code(), Some(0));
    let left: Vec<_> = files(&folder).into_keys().filter(|name| name.contains("partial")).collect();
    assert_eq!(left, Vec::<String>::new(), "{unfinished} were left by {kills} kills");
}

/// As it is when somebody was killed while writing.
#[test]
fn what_a_killed_run_left_is_cleaned_away_and_nothing_else_is() {
    let folder = folder("left");
    fs::write(folder.join("small.json"), small().to_string()).unwrap();
    for left in [".cascadia-1-0.partial", ".cascadia-77-3.partial"] {
        fs::create_dir_all(folder.join(left).join("charts")).unwrap();
        fs::write(folder.join(left).join("result.json"), "{").unwrap();
    }
    fs::write(folder.join(".cascadia-5-0.partial"), "<?xml").unwrap();
    fs::create_dir(folder.join(".cascadia-6-0.partial")).unwrap();
    let kept = [".cascadia-6-0.partial/notes.txt", ".cascadia-x-0.partial", "a.partial"];
    kept.iter().for_each(|name| fs::write(folder.join(name), "mine").unwrap());
    let output = cascadia(&folder, &["run", "small.json", "--out", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let left = files(&folder).into_keys().filter(|name| name.contains("partial"));
    assert_eq!(left.collect::<Vec<_>>(), kept);
}

/// The shell sets the limit, and ignores the signal that goes with it.
#[test]
fn a_full_disk_is_told_and_leaves_the_old_result() {
    let folder = folder("full_disk");
    fs::write(folder.join("small.json"), small().to_string()).unwrap();
    let program = env!("CARGO_BIN_EXE_cascadia");
    assert_eq!(cascadia(&folder, &["run", "small.json", "--out", "out"]).status.code(), Some(0));
    let before = files(&folder);
    for (blocks, arguments) in [
        (1, "run small.json --out out"),
        (8, "run small.json --out out"),
        (8, "run small.json --out new"),
        (0, "check small.json --junit j.xml"),
        (0, "new shop"),
    ] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} {arguments}");
        let output =
            Command::new("sh").current_dir(&folder).args(["-c", &script]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments}: {}", stderr(&output));
        assert!(stderr(&output).contains("cannot write"), "{}", stderr(&output));
        assert_eq!(files(&folder), before, "{arguments}");
    }
}

#[test]
fn a_folder_that_vanishes_during_the_run_is_made_again() {
    let folder = folder("vanished");
    let mut long = small();
    long["run"]["duration"] = "200s".into();
    fs::write(folder.join("long.json"), long.to_string()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cascadia"));
    command.current_dir(&folder).args(["run", "long.json", "--out", "a/b/c"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(5));
        let _ = fs::remove_dir_all(folder.join("a"));
    }
    let output = child.wait_with_output().unwrap();
    let told = stderr(&output);
    match output.status.code() {
        Some(0) => assert!(folder.join("a/b/c/result.json").exists() || !folder.join("a").exists()),
        code => assert!(code == Some(2) && told.contains("cannot write"), "{code:?}: {told}"),
    }
}
