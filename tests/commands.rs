//! Commands and exit codes.

use std::fs;

use cascadia_models::measure::metrics::Of;

use crate::support::{cascadia, folder, root, stderr, stdout};

#[test]
fn the_naive_storm_fails_its_check() {
    let out = folder("naive");
    let file = "scenarios/retry-storm.json";
    let arguments = ["run", file, "--variant", "naive", "--out", out.to_str().unwrap()];
    let output = cascadia(&root(), &arguments);
    assert_eq!(output.status.code(), Some(4));
    let summary = stdout(&output);
    assert!(
        summary.contains(
            "Reproduce: cascadia run scenarios/retry-storm.json --seed 42 --variant naive"
        ),
        "{summary}"
    );
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("wasted"), "the page shows the cause");
}

#[test]
fn a_new_scenario_runs() {
    let folder = folder("new");
    let made = cascadia(&folder, &["new", "shop", "--template", "zone-loss"]);
    assert_eq!(stdout(&made), "wrote shop.json\nnext: cascadia run shop.json\n");
    let again = cascadia(&folder, &["new", "shop"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("--force"));
    let run = cascadia(&folder, &["run", "shop.json"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(folder.join("cascadia-out/shop-3/report.html").exists());
    assert!(folder.join("cascadia-out/latest/result.json").exists());
}

#[test]
fn seeds_give_a_table_with_intervals() {
    let folder = folder("seeds");
    let file = root().join("scenarios/sick-replica.json");
    let arguments = ["run", file.to_str().unwrap(), "--seeds", "1..4"];
    let output = cascadia(&folder, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("4 of 4"), "{}", stdout(&output));
    let result = fs::read_to_string(folder.join("cascadia-out/latest/result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    assert_eq!(result["runs"].as_array().unwrap().len(), 4);
    assert!(result["loads"]["client"]["latency_ns"]["p9999"].is_u64(), "pooled over seeds");
}

/// A scenario that passes for about half of its seeds.
const COIN: &str = r#"{ "version": 1, "name": "coin", "run": { "duration": "100s" },
  "services": { "s": { "workers": "unlimited", "endpoints": { "e": [ { "compute": "1ms" } ] } } },
  "load": { "l": { "target": "s.e", "open": { "poisson": "10/s" } } },
  "checks": { "l": [ "offered >= 1000" ] } }"#;

#[test]
fn a_required_share_passes_fails_or_stays_open() {
    let folder = folder("require");
    fs::write(folder.join("coin.json"), COIN).unwrap();
    let code = |require: &str, seeds: u32| {
        let require = format!("run.require={require}");
        let seeds = format!("run.seeds={seeds}");
        let arguments = ["run", "coin.json", "--set", &require, "--set", &seeds, "--quiet"];
        cascadia(&folder, &arguments).status.code()
    };
    assert_eq!(code("10%", 40), Some(0));
    assert_eq!(code("95%", 40), Some(4));
    assert_eq!(code("50%", 40), Some(7));
}

#[test]
fn too_few_samples_are_inconclusive() {
    let folder = folder("inconclusive");
    fs::write(folder.join("coin.json"), COIN.replace("offered >= 1000", "p999 < 1s")).unwrap();
    assert_eq!(cascadia(&folder, &["run", "coin.json"]).status.code(), Some(7));
}

#[test]
fn schemas_and_explanations_are_printed() {
    for which in ["scenario", "results"] {
        let schema = stdout(&cascadia(&root(), &["schema", which]));
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        assert!(schema["$schema"].as_str().unwrap().contains("2020-12"), "{which}");
    }
    assert!(stdout(&cascadia(&root(), &["explain", "s001"])).starts_with("S001"));
    let help = stdout(&cascadia(&root(), &["run", "--help-metrics"]));
    for metric in Of::ALL.into_iter().flat_map(Of::metrics) {
        let told = |line: &str| line == metric.form() || line.starts_with(&(metric.form() + " "));
        assert!(help.lines().any(told), "{}", metric.name);
    }
    assert_eq!(cascadia(&root(), &["explain", "S999"]).status.code(), Some(2));
    assert!(stdout(&cascadia(&root(), &["completions", "bash"])).contains("cascadia"));
}

#[test]
fn a_result_keeps_the_contract() {
    let folder = folder("contract");
    let file = root().join("scenarios/retry-storm.json");
    cascadia(&folder, &["run", file.to_str().unwrap(), "--out", "out", "--quiet"]);
    let text = fs::read_to_string(folder.join("out/result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(result["format"], 1);
    assert_eq!(result["verdict"], "passed");
    assert_eq!(result["interrupted"], false);
    for key in ["scenario", "variant", "seed", "digest", "events", "checks", "invariants", "series"]
    {
        assert!(result.get(key).is_some(), "{key}");
    }
    let load = &result["loads"]["shoppers"];
    for latency in ["latency_ns", "latency_all_ns"] {
        for figure in ["mean", "p50", "p90", "p95", "p99", "p999", "p9999", "max"] {
            assert!(load[latency].get(figure).is_some(), "{latency}.{figure}");
        }
    }
    let sum: u64 =
        load["outcomes"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(load["offered"].as_u64().unwrap(), sum);
    for figure in
        ["arrivals", "completions", "wasted", "utilisation", "queue_mean", "queue_max", "wait_ns"]
    {
        assert!(result["services"]["db"].get(figure).is_some(), "{figure}");
    }
    let retry = &result["policies"]["standard.retry → db"];
    assert!(retry["denied"]["budget"].is_u64() && retry["retries"][1].is_u64(), "{retry}");
    let timed_out =
        |policies: &serde_json::Value| policies["standard.timeout → db"]["timed_out"].clone();
    let series = timed_out(&result["series"]["policies"]);
    let sum: u64 = series.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(timed_out(&result["policies"]), sum);
    let schema = stdout(&cascadia(&root(), &["schema", "results"]));
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&result));
}
