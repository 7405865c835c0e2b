//! What the command line says of files that ask nothing, come by standard input, or are run twice.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::{cascadia, folder, stderr, stdout};

/// A shop, with these checks and variants.
fn shop(more: &str) -> String {
    format!(
        r#"{{ "version": 1, "name": "shop", "run": {{ "duration": "2s" }},
  "services": {{ "db": {{ "workers": 4, "endpoints": {{ "read": [ {{ "compute": "5ms" }} ] }} }} }},
  "load": {{ "users": {{ "target": "db.read", "open": {{ "poisson": "100/s" }} }} }}{more} }}"#
    )
}

const CHECKED: &str = r#", "checks": { "users": [ "ok > 99%" ] }"#;

fn with_input(folder: &Path, arguments: &[&str], text: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cascadia"));
    command.current_dir(folder).args(arguments).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_file_without_checks_is_inconclusive_and_says_so() {
    let folder = folder("unchecked");
    fs::write(folder.join("bare.json"), shop("")).unwrap();
    fs::write(folder.join("shop.json"), shop(CHECKED)).unwrap();
    let output = cascadia(&folder, &["check", "bare.json", "--junit", "out.xml"]);
    assert_eq!(output.status.code(), Some(7), "{}", stdout(&output));
    assert!(stdout(&output).contains("inconclusive: it has no checks"), "{}", stdout(&output));
    let junit = fs::read_to_string(folder.join("out.xml")).unwrap();
    assert!(junit.contains("has a check") && junit.contains("<skipped"), "{junit}");
    assert_eq!(cascadia(&folder, &["check", "shop.json"]).status.code(), Some(0));
    let output = cascadia(&folder, &["run", "bare.json"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("nothing is checked"), "{}", stdout(&output));
}

#[test]
fn an_invalid_file_does_not_keep_the_others_from_being_checked() {
    let folder = folder("one-of-two");
    fs::write(folder.join("bad.json"), shop(", \"wrong\": 1")).unwrap();
    fs::write(folder.join("good.json"), shop(CHECKED)).unwrap();
    let output = cascadia(&folder, &["check", "bad.json", "good.json", "--junit", "out.xml"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("good.json  passed"), "{}", stdout(&output));
    assert!(stderr(&output).contains("unknown key `wrong`"), "{}", stderr(&output));
    assert!(fs::read_to_string(folder.join("out.xml")).unwrap().contains("users ok &gt; 99%"));
}

/// Who asks for nothing but problems is told of those.
#[test]
fn a_quiet_run_tells_of_a_failure_and_of_nothing_else() {
    let folder = folder("quiet");
    fs::write(folder.join("shop.json"), shop(CHECKED)).unwrap();
    let output = cascadia(&folder, &["run", "-q", "shop.json"]);
    assert_eq!((output.status.code(), &*stdout(&output)), (Some(0), ""));
    let fails = "checks.users=[\"ok < 1%\"]";
    let output = cascadia(&folder, &["run", "-q", "shop.json", "--set", fails]);
    assert_eq!(output.status.code(), Some(4));
    assert!(stdout(&output).contains("ok < 1%"), "{}", stdout(&output));
}

#[test]
fn a_dash_is_standard_input() {
    let folder = folder("input");
    let output = with_input(&folder, &["validate", "-"], &shop(CHECKED));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let output = with_input(&folder, &["run", "-"], &shop(CHECKED));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let output =
        with_input(&folder, &["validate", "-"], &shop(CHECKED).replace("db.read", "bd.read"));
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("<stdin>:"), "{}", stderr(&output));
}

#[test]
fn a_run_that_is_verified_ends_as_one_that_is_not() {
    let folder = folder("verified");
    fs::write(folder.join("shop.json"), shop(CHECKED)).unwrap();
    let output = cascadia(&folder, &["run", "shop.json", "--verify"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn what_is_wrong_in_variants_is_told_once_with_their_names() {
    let folder = folder("variants");
    let variants = r#", "variants": {
    "one": { "set": { "load.users.open.poisson": "5000/s" } },
    "two": { "set": { "load.users.open.poisson": "5000/s" } },
    "bad": { "set": { "services.db.workers": 0 } } }"#;
    fs::write(folder.join("shop.json"), shop(&format!("{CHECKED}{variants}"))).unwrap();
    let output = cascadia(&folder, &["validate", "shop.json"]);
    assert_eq!(output.status.code(), Some(3));
    let told = stderr(&output);
    assert!(told.contains("in variant `bad`"), "{told}");
    assert!(told.contains("in variants `one`, `two`"), "{told}");
    assert_eq!(told.matches("S081").count(), 1, "{told}");
    let output = cascadia(&folder, &["validate", "shop.json", "--format", "json"]);
    assert!(stdout(&output).contains("\"variants\""), "{}", stdout(&output));
}
