//! Checks of every kind of subject, from the file to the verdict.

use std::fs;

use cascadia::Scenario;
use cascadia::result::CheckStatus;
use cascadia_models::measure::metrics::{Metric, Of};
use cascadia_scenarios::explain;

use crate::support::root;

/// 100 requests a second for 10 s, of which a server takes 1 ms each; from 2 s to 6 s it answers
/// all with an error, and each request is tried twice.
const SHOP: &str = r#"{
  "version": 1, "name": "shop", "run": { "duration": "10s", "window": "500ms" },
  "services": { "db": { "workers": 4, "endpoints": { "get": [ { "compute": "1ms" } ] } } },
  "policies": { "p": [ { "retry": { "attempts": 2, "backoff": "none" } }, { "timeout": "1s" } ] },
  "load": { "users": { "target": "db.get", "policy": "p", "open": { "constant": "100/s" } } },
  "faults": [ { "name": "bad", "at": "2s", "for": "4s", "errors": { "target": "db", "rate": "100%" } } ],
  "checks": { "SUBJECT": [ CHECKS ] }
}"#;

/// Runs the shop with checks of a subject; each must hold.
#[track_caller]
fn hold(subject: &str, checks: &[&str]) {
    let list: Vec<_> = checks.iter().map(|check| format!("{check:?}")).collect();
    let text = SHOP.replace("SUBJECT", subject).replace("CHECKS", &list.join(", "));
    let run = Scenario::parse("shop.json", &text).unwrap().run(1).unwrap();
    let verdicts = run.result().checks.iter().map(|check| (&check.expression[..], check.status));
    let expected = checks.iter().map(|check| (*check, CheckStatus::Passed));
    assert_eq!(verdicts.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn a_load_is_checked() {
    hold("users", &["ok == 60%", "failed == 100/s over during bad", "p50 < 2ms over 0s..2s"]);
}

/// While every answer is an error no percentile of ok can be told, but those of all can: an error
/// comes at once.
#[test]
fn the_latency_of_all_is_checked_in_windows_and_against_the_baseline() {
    let whole = ["all_p50 > 990us", "all_p25 == 0ms", "all_mean == 600us", "all_max == 1ms"];
    let bad = ["all_p90 == 0ms over during bad", "all_mean == 0ms over during bad"];
    hold("users", &[&whole[..], &bad].concat());
    hold("users", &["all_p50 within 1% of baseline over 6s..10s"]);
}

#[test]
fn a_service_is_checked() {
    hold("db", &["utilisation < 3%", "queue == 0 over during bad", "wasted == 0%"]);
}

/// What several loads measured is added up, and a percentile is one of all their requests.
#[test]
fn all_loads_are_checked_together() {
    let second = r#""load": { "robots": { "target": "db.get", "open": { "constant": "300/s" } }, "#;
    let text = SHOP.replace("\"load\": { ", second).replace("SUBJECT", "all loads");
    let checks = r#""offered == 400/s", "ok == 60%", "failed == 1600 requests", "p99 < 2ms over 6s..10s",
      "goodput within 10% of baseline over 6s..10s", "recovered within 1s after bad", "metastable = no""#;
    let run =
        Scenario::parse("shop.json", &text.replace("CHECKS", checks)).unwrap().run(1).unwrap();
    for check in &run.result().checks {
        let found = (check.status, &check.measured_text);
        assert_eq!(check.status, CheckStatus::Passed, "{} {found:?}", check.expression);
    }
}

/// Two replicas that get every other request, of which one is three times as slow for a while.
#[test]
fn the_busiest_replica_is_checked() {
    let text = SHOP.replace("\"workers\": 4", "\"replicas\": 2, \"workers\": 4");
    let slow = r#""slow": { "target": "db/1", "factor": 3 }"#;
    let text = text.replace(r#""errors": { "target": "db", "rate": "100%" }"#, slow);
    let text = text.replace("\"p\": [ ", "\"p\": [ { \"balance\": \"round_robin\" }, ");
    let checks = r#""busiest replica utilisation > 3.7% over during bad",
      "busiest replica utilisation < 3.8% over during bad", "utilisation < 2.6% over during bad",
      "busiest replica utilisation < 1.3% over 7s..10s""#;
    let text = text.replace("SUBJECT", "db").replace("CHECKS", checks);
    let run = Scenario::parse("shop.json", &text).unwrap().run(1).unwrap();
    for check in &run.result().checks {
        let found = (check.status, &check.measured_text);
        assert_eq!(check.status, CheckStatus::Passed, "{} {found:?}", check.expression);
    }
}

#[test]
fn a_layer_is_checked() {
    let layers = ["p.retry.retried == 100/s over during bad", "p.timeout.timed_out == 0"];
    hold("users", &layers);
    hold("users", &["p.retry.denied < 5/s"]);
    hold("db", &["p.retry.retried == 400"]);
}

#[test]
fn all_kinds_are_checked_in_one_run() {
    hold("users", &["ok == 60%", "p.retry.retried == 400", "p.retry.rejected == 0/s"]);
    hold("db", &["utilisation < 3%", "p.retry.retried == 400"]);
}

#[test]
fn every_metric_is_in_the_reference_and_in_the_explanation_of_an_unknown_one() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let explained = explain("S041").unwrap();
    for of in Of::ALL {
        let forms: Vec<String> = of.metrics().iter().map(Metric::form).collect();
        let row = format!("| metrics of {} | `{}` |", of.name(), forms.join("`, `"));
        assert!(readme.contains(&row), "the README has no row\n{row}");
        assert!(explained.contains(&format!("{} have {}", of.name(), forms.join(", "))));
    }
}
