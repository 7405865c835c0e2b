//! Worlds in which time does not move on, and how runs are stopped.

use std::fs;

use cascadia::{RunError, Scenario};
use rayon::prelude::*;

use crate::support::{cascadia, folder, stderr};

/// A closed load whose clients do not think, and what is around it.
fn closed(clients: u32, layers: &str, service: &str, rest: &str) -> String {
    format!(
        r#"{{ "version": 1, "name": "closed", "run": {{ "duration": "2s" }},
  "services": {{ "b": {{ {service}, "endpoints": {{ "get": [ {{ "compute": "10ms" }} ] }} }} }},
  "policies": {{ "p": [ {layers} ] }},
  "load": {{ "u": {{ "target": "b.get", "policy": "p", "closed": {{ "clients": {clients} }} }} }}{rest} }}"#
    )
}

const ROOM: &str = r#""workers": 8"#;
const ERRORS: &str = r#", "faults": [ { "at": "1s", "for": "100ms", "errors": { "target": "b", "rate": "100%" } } ]"#;
const RETRY: &str = r#"{ "retry": { "attempts": 1000, "backoff": "none" } }"#;

/// Everything that ends a request in the instant in which it was sent.
fn all_at_once() -> Vec<String> {
    let retries = format!("{RETRY}, {RETRY}, {RETRY}");
    vec![
        closed(2, "", ROOM, ERRORS),
        closed(1, r#"{ "retry": { "attempts": 3, "backoff": "none" } }"#, ROOM, ERRORS),
        closed(1, &retries, ROOM, ERRORS),
        closed(1, r#"{ "breaker": { "consecutive": 5 } }"#, ROOM, ERRORS),
        closed(1, r#"{ "fallback": "default" }"#, ROOM, ERRORS),
        closed(2, r#"{ "bulkhead": 1 }"#, ROOM, ""),
        closed(2, r#"{ "thread_pool": { "core": 1, "queue": 0 } }"#, ROOM, ""),
        closed(2, r#"{ "rate_limit": "50/s" }"#, ROOM, ""),
        closed(2, "", r#""workers": 1, "queue": { "capacity": 0 }"#, ""),
        closed(2, "", r#""workers": 1, "inbound": "p""#, "")
            .replace(r#""p": [  ]"#, r#""p": [ { "bulkhead": 1 } ]"#),
    ]
}

#[test]
fn a_closed_loop_whose_requests_end_at_once_is_a_livelock() {
    all_at_once().par_iter().for_each(|text| {
        let scenario = Scenario::forced("closed.json", text).unwrap();
        let Err(RunError::Livelock { tasks, .. }) = scenario.run(1) else { panic!("{text}") };
        assert!(tasks.iter().any(|task| task.node == "u"), "{tasks:?}: {text}");
    });
}

#[test]
fn it_is_none_with_time_to_think_or_with_latency() {
    let texts = all_at_once();
    let bounded = texts.iter().filter(|text| !text.contains(&format!("{RETRY}, {RETRY}")));
    for text in bounded {
        let scenario = Scenario::parse("closed.json", text).unwrap();
        let thinking = scenario.set("load.u.closed.think", "1ms").unwrap();
        let distant = scenario.set("links", r#"{"default":{"latency":"1ms"}}"#).unwrap();
        // What a layer refuses does not travel.
        let distant = distant.set("policies.p", "[]").unwrap();
        for scenario in [thinking, distant] {
            assert!(scenario.run(1).is_ok(), "{text}");
        }
    }
}

/// No closed loop at all, and no backoff.
#[test]
fn tries_without_end_within_one_poll_are_a_livelock() {
    for layers in ["", r#", { "bulkhead": 1 }"#] {
        let layers = format!("{RETRY}, {RETRY}, {RETRY}{layers}");
        let text = closed(1, &layers, ROOM, ERRORS)
            .replace(r#""closed": { "clients": 1 }"#, r#""open": { "constant": "200/s" }"#);
        let ran = Scenario::forced("open.json", &text).unwrap().run(1);
        assert!(matches!(ran.err(), Some(RunError::Livelock { .. })), "{text}");
    }
}

#[test]
fn a_livelock_is_a_mistake_of_the_scenario_and_told_as_one() {
    let folder = folder("standstill");
    fs::write(folder.join("closed.json"), closed(2, "", ROOM, ERRORS)).unwrap();
    for arguments in [
        &["run", "closed.json"][..],
        &["run", "closed.json", "--seeds", "1..2"],
        &["check", "closed.json"],
    ] {
        let output = cascadia(&folder, arguments);
        assert_eq!(output.status.code(), Some(3));
        let told = stderr(&output);
        assert!(told.contains("time stands still at 1.0"), "{told}");
        assert!(told.contains("give the clients of `u` think time"), "{told}");
        assert!(told.contains("reproduce: cascadia run closed.json --seed "), "{told}");
    }
}

#[test]
fn what_was_measured_before_a_livelock_is_kept() {
    let folder = folder("kept");
    fs::write(folder.join("closed.json"), closed(2, "", ROOM, ERRORS)).unwrap();
    let output = cascadia(&folder, &["run", "closed.json", "--out", "out"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("out/report.html"), "{}", stderr(&output));
    let result = fs::read_to_string(folder.join("out/result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    assert_eq!(result["interrupted"], true);
    assert_eq!(result["simulated_ns"], 1_000_000_000, "the errors begin then");
    assert!(result["loads"]["u"]["outcomes"]["ok"].as_u64().unwrap() > 150);
}

/// Tries at two levels: one poll of each is short.
#[test]
fn tries_without_end_within_one_instant_are_a_livelock() {
    let text = r#"{ "version": 1, "name": "deep", "run": { "duration": "2s" },
  "services": {
    "b": { "workers": "unlimited", "endpoints": { "e": [ { "call": "c.e", "policy": "p" } ] } },
    "c": { "workers": "unlimited", "endpoints": { "e": [ { "compute": "0s" } ] } } },
  "policies": { "p": [ { "retry": { "attempts": 50000, "backoff": "none" } } ] },
  "load": { "u": { "target": "b.e", "policy": "p", "open": { "constant": "1/s" } } },
  "faults": [ { "at": "0s", "errors": { "target": "c", "rate": "100%" } } ] }"#;
    let ran = Scenario::forced("deep.json", text).unwrap().run(1);
    assert!(matches!(ran.err(), Some(RunError::Livelock { .. })));
}

/// A signal is sent when a run has begun; one that did not hear it would last for hours.
#[cfg(unix)]
mod interrupts {
    use std::path::Path;
    use std::process::{Child, Command, Output, Stdio};

    use super::*;
    use crate::support::stdout;

    const LONG: &str = r#"{ "version": 1, "name": "long", "run": { "duration": "20d" },
  "services": { "b": { "workers": 8, "endpoints": { "get": [ { "compute": "10ms" } ] } } },
  "load": { "u": { "target": "b.get", "open": { "poisson": "500/s" } } },
  "checks": { "u": [ "ok > 0%" ] } }"#;

    fn start(folder: &Path, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cascadia"));
        command.current_dir(folder).args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until the process catches the signal, as its status says.
    fn catches(child: &Child) -> bool {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & 2 != 0
    }

    /// How a command ends that gets a signal as soon as it catches it.
    fn interrupted(folder: &Path, arguments: &[&str]) -> Output {
        let child = start(folder, arguments);
        while !catches(&child) {
            std::thread::yield_now();
        }
        let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(signal.unwrap().success());
        child.wait_with_output().unwrap()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn one_interrupt_ends_every_command_with_what_there_is() {
        let folder = folder("interrupts");
        fs::write(folder.join("long.json"), LONG).unwrap();
        for arguments in [
            &["run", "long.json", "--out", "out"][..],
            &["run", "long.json", "--out", "out", "--seeds", "1..1000"],
            &["check", "long.json", "long.json", "long.json", "long.json", "long.json"],
        ] {
            let output = interrupted(&folder, arguments);
            assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
            assert!(stdout(&output).to_lowercase().contains("interrupted"), "{}", stdout(&output));
        }
    }

    /// Each replica of one service has a way to each of the other: half a million of them are set
    /// up before the run looks at anything.
    const WIDE: &str = r#"{ "version": 1, "name": "wide", "run": { "duration": "10s" },
  "services": {
    "a": { "replicas": 700, "endpoints": { "get": [ { "call": "b.get", "policy": "p" } ] } },
    "b": { "replicas": 700, "endpoints": { "get": [ { "compute": "1ms" } ] } } },
  "policies": { "p": [ { "balance": "round_robin" }, { "bulkhead": { "limit": 1 } } ] },
  "load": { "u": { "target": "a.get", "open": { "constant": "1/s" } } } }"#;

    #[test]
    #[cfg(target_os = "linux")]
    fn what_does_not_hear_an_interrupt_ends_all_the_same() {
        let folder = folder("deaf");
        fs::write(folder.join("wide.json"), WIDE).unwrap();
        let output = interrupted(&folder, &["run", "wide.json", "--out", "out"]);
        assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
        assert!(stderr(&output).contains("there are no results"), "{}", stderr(&output));
        assert!(!folder.join("out/result.json").exists());
    }
}
