//! Checks against what is true: a healthy system passes under every seed, a sick one under none.
//!
//! The short form runs a small shop; `CASCADIA_FULL=1` runs the shipped scenarios under 200 seeds.

use cascadia::Scenario;
use cascadia::result::{CheckResult, CheckStatus, Verdict};
use rayon::prelude::*;

use crate::shipped::files;
use crate::support::{full, scenario};

/// 400 requests a second of 4 ms each, which four workers can do 1,000 of; from 12 s to 16 s they can
/// do half, and do.
const SHOP: &str = r#"{
  "version": 1, "name": "shop", "run": { "duration": "40s", "warmup": "2s", "window": "2s" },
  "services": { "db": { "replicas": 2, "workers": 2, "endpoints": { "get": [ { "compute": { "exp": { "mean": "4ms" } } } ] } } },
  "policies": { "p": [ { "balance": "p2c" }, { "timeout": "1s" } ] },
  "load": {
    "users": { "target": "db.get", "policy": "p", "open": { "poisson": "380/s" } },
    "robots": { "target": "db.get", "policy": "p", "open": { "poisson": "20/s" } }
  },
  "faults": [ { "name": "slow", "at": "12s", "for": "4s", "slow": { "target": "db", "factor": 2 } } ],
  "checks": {
    "users": [
      "goodput within 10% of baseline over after slow 2s", "p50 within 50% of baseline over after slow 4s",
      "recovered within 5s after slow", "metastable = no"
    ],
    "all loads": [ "goodput within 10% of baseline over after slow 2s", "ok > 99%" ],
    "db": [ "busiest replica utilisation < 90%" ]
  }
}"#;

/// For so many seeds, whether each check that goes by a baseline or a recovery has held.
fn verdicts(scenario: &Scenario, seeds: u64) -> Vec<Vec<CheckResult>> {
    let seeds: Vec<u64> = (1..=seeds).collect();
    let of_seed = |seed: &u64| {
        let run = scenario.run(*seed).unwrap();
        let checks = run.result().checks.iter();
        checks.filter(|check| is_judged(&check.expression)).cloned().collect()
    };
    seeds.par_iter().map(of_seed).collect()
}

fn is_judged(expression: &str) -> bool {
    ["within", "metastable"].iter().any(|word| expression.contains(word))
}

/// How often the check in one place came out so.
fn count(verdicts: &[Vec<CheckResult>], check: usize, status: CheckStatus) -> usize {
    verdicts.iter().filter(|checks| checks[check].status == status).count()
}

#[test]
fn hardly_a_healthy_run_fails() {
    let shop = Scenario::parse("shop.json", SHOP).unwrap();
    let found = verdicts(&shop, 40);
    for (check, of) in found[0].iter().enumerate() {
        let failed = count(&found, check, CheckStatus::Failed);
        assert!(failed <= 1, "{} {} fails under {failed} of 40 seeds", of.subject, of.expression);
        let passed = count(&found, check, CheckStatus::Passed);
        let is_count = !of.expression.starts_with("p50");
        assert!(!is_count || passed >= 39, "{} passes under {passed} of 40", of.expression);
    }
}

/// From 20 s on a fifth of the requests fails, twice the bound.
#[test]
fn a_loss_of_twice_the_bound_is_found() {
    let loss = r#"{ "name": "loss", "at": "20s", "errors": { "target": "db", "rate": "20%" } }"#;
    let shop = SHOP.replace("\"faults\": [", &format!("\"faults\": [ {loss},"));
    let shop = shop.replace("recovered within 5s", "recovered within 4s");
    let found = verdicts(&Scenario::parse("shop.json", &shop).unwrap(), 40);
    for (check, of) in found[0].iter().enumerate() {
        if of.expression.starts_with("goodput") {
            let failed = count(&found, check, CheckStatus::Failed);
            assert!(failed >= 38, "{} {} is found in {failed} of 40", of.subject, of.expression);
        }
    }
}

/// A standstill of four seconds leaves a queue behind that takes long to drain, or longer than the run.
#[test]
fn who_takes_long_to_drain_is_late_and_not_metastable() {
    for rate in ["760/s", "880/s"] {
        let shop = SHOP.replace("\"factor\": 2", "\"factor\": 200").replace("\"1s\"", "\"60s\"");
        let shop = Scenario::parse("shop.json", &shop.replace("380/s", rate)).unwrap();
        let found = verdicts(&shop, 8);
        let of = |text: &str| found[0].iter().position(|check| check.expression.contains(text));
        let (recovered, metastable) = (of("recovered").unwrap(), of("metastable").unwrap());
        assert_eq!(count(&found, recovered, CheckStatus::Failed), 8, "{rate}: {:?}", found[0]);
        assert_eq!(count(&found, metastable, CheckStatus::Passed), 8, "{rate}: {:?}", found[0]);
    }
}

/// What sustains it is named, and nothing is named where nothing does.
#[test]
fn shipped_cascades_are_metastable_by_what_sustains_them() {
    let sustained = |file: &str, variant: &str| {
        let scenario = scenario(&format!("scenarios/{file}.json")).variant(variant).unwrap();
        let run = scenario.run(1).unwrap();
        let found: Vec<_> =
            run.result().recoveries.iter().map(|one| one.sustained.clone()).collect();
        assert_eq!(found.len(), 1, "{file} {variant}");
        found[0].clone()
    };
    let storm = sustained("retry-storm", "naive").unwrap();
    assert!(storm.service == "db" && storm.retries && !storm.copies && storm.wasted_share > 0.9);
    let hedges = sustained("hedge-storm", "unlimited").unwrap();
    assert!(hedges.service == "leaf" && hedges.copies && !hedges.retries);
    for (file, variant) in
        [("retry-storm", "budget"), ("hedge-storm", "none"), ("stale-queue", "fifo")]
    {
        assert_eq!(sustained(file, variant), None, "{file} {variant}");
    }
}

/// Under the first twenty seeds every shipped scenario passes, and those with such a check hardly ever
/// fail it under two hundred.
#[test]
fn shipped_scenarios_pass_under_other_seeds() {
    if !full() {
        return;
    }
    for file in files() {
        let scenario = scenario(&file);
        let seeds: Vec<u64> = (1..=20).collect();
        let passed =
            |seed: &&u64| scenario.run(**seed).unwrap().result().verdict == Verdict::Passed;
        assert_eq!(seeds.par_iter().filter(passed).count(), 20, "{file}");
        if verdicts(&scenario, 1)[0].is_empty() {
            continue;
        }
        let found = verdicts(&scenario, 200);
        for (check, of) in found[0].iter().enumerate() {
            let failed = count(&found, check, CheckStatus::Failed);
            assert!(failed <= 4, "{file}: {} fails under {failed} of 200 seeds", of.expression);
        }
    }
}
