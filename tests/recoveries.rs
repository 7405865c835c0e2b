//! What is said of a load after a fault, by checks, in the result and on the screen.

use cascadia::result::{CheckStatus, RecoveryKind, RecoveryResult};
use cascadia::{Run, Scenario};
use proptest::prelude::*;

use crate::support::scenario;

/// 200 requests a second of 4 ms each, which eight workers can do 2,000 of, and a moment at which all
/// fail.
const SHOP: &str = r#"{
  "version": 1, "name": "shop", "run": { "duration": "60s" },
  "services": { "db": { "workers": 8, "endpoints": { "get": [ { "compute": { "exp": { "mean": "4ms" } } } ] } } },
  "load": { "users": { "target": "db.get", "open": { "poisson": "200/s" } } MORE },
  "faults": [ { "name": "bad", "at": "20s", "for": "5s", "errors": { "target": "db", "rate": "100%" } } FAULTS ],
  "checks": { "users": [ CHECKS ] }
}"#;

fn run(more: &str, faults: &str, checks: &str) -> Run {
    let text = SHOP.replace("MORE", more).replace("FAULTS", faults).replace("CHECKS", checks);
    Scenario::parse("shop.json", &text).unwrap().run(1).unwrap()
}

/// What became of the users after a fault.
fn users<'a>(run: &'a Run, fault: &str) -> &'a RecoveryResult {
    let mut all = run.result().recoveries.iter();
    all.find(|one| one.load == "users" && one.fault == fault).expect("something is said of it")
}

#[test]
fn a_fault_that_leaves_nothing_behind_is_over_at_once_and_has_its_cost() {
    let run = run("", "", r#""recovered within 1s after bad", "metastable = no""#);
    let found = users(&run, "bad");
    assert_eq!((found.verdict, found.goodput_after_ns), (RecoveryKind::Recovered, Some(0)));
    assert_eq!(found.depth, Some(0.0));
    assert!((900.0..1100.0).contains(&found.lost), "{}", found.lost);
    let checks = &run.result().checks;
    assert!(checks.iter().all(|check| check.status == CheckStatus::Passed), "{checks:?}");
    assert!(run.to_string().contains("bad ended 25.0 s → recovered at once; at worst 0 %"));
}

#[test]
fn the_next_fault_ends_the_watch() {
    let next =
        r#", { "name": "worse", "at": "40s", "errors": { "target": "db", "rate": "100%" } }"#;
    let run = run("", next, "");
    let found = users(&run, "bad");
    assert_eq!(found.until.as_deref(), Some("worse"));
    assert_eq!((found.until_ns, found.verdict), (40_000_000_000, RecoveryKind::Recovered));
    assert_eq!(run.result().recoveries.len(), 1, "the other does not end");
}

#[test]
fn a_load_that_comes_or_goes_ends_the_watch() {
    for life in [r#""from": "45s""#, r#""until": "45s""#] {
        let more = r#", "more": { "target": "db.get", "open": { "poisson": "100/s" }, LIFE }"#;
        let run = run(&more.replace("LIFE", life), "", "");
        let found = users(&run, "bad");
        assert_eq!((found.until.as_deref(), found.until_ns), (Some("more"), 45_000_000_000));
        assert_eq!(found.verdict, RecoveryKind::Recovered, "{life}");
    }
}

#[test]
fn nothing_is_said_where_the_load_is_another_by_plan() {
    for life in [r#""from": "22s""#, r#""until": "22s""#] {
        let more = r#", "more": { "target": "db.get", "open": { "poisson": "100/s" }, LIFE }"#;
        let run = run(&more.replace("LIFE", life), "", r#""recovered within 1s after bad""#);
        assert_eq!(users(&run, "bad").verdict, RecoveryKind::OtherLoad, "{life}");
        assert!(!run.to_string().contains("RECOVERY"), "{}", run.to_string());
        let check = &run.result().checks[0];
        assert_eq!(check.status, CheckStatus::Inconclusive);
        assert_eq!(check.measured_text, "the load changes by plan");
    }
}

/// They offer less because of the loss, so that what they would have asked for is due.
#[test]
fn clients_that_wait_longer_are_a_loss() {
    let slow = r#", { "name": "worse", "at": "25s", "for": "10s", "slow": { "target": "db", "factor": 3 } }"#;
    let clients = r#""closed": { "clients": 8, "think": "1ms" }"#;
    let text = SHOP.replace(r#""open": { "poisson": "200/s" }"#, clients);
    let text = text.replace("MORE", "").replace("CHECKS", "").replace("FAULTS", slow);
    let text = text.replace(
        r#""errors": { "target": "db", "rate": "100%" } }"#,
        r#""slow": { "target": "db", "factor": 2 } }"#,
    );
    let run = Scenario::parse("shop.json", &text).unwrap().run(1).unwrap();
    let found = users(&run, "worse");
    assert_eq!(found.verdict, RecoveryKind::Recovered);
    let depth = found.depth.unwrap();
    assert!((0.3..0.5).contains(&depth), "they were three times as slow: {depth}");
}

#[test]
fn too_few_requests_tell_nothing() {
    let text = SHOP.replace("200/s", "0.2/s").replace("MORE", "").replace("FAULTS", "");
    let text = text.replace("CHECKS", r#""recovered within 1s after bad""#);
    for seed in 1..=20 {
        let run = Scenario::parse("shop.json", &text).unwrap().run(seed).unwrap();
        let check = &run.result().checks[0];
        assert_eq!(check.status, CheckStatus::Inconclusive, "{}", check.measured_text);
    }
}

/// Of a run that stays down, all say the same.
#[test]
fn check_result_and_summary_agree_on_what_is_metastable() {
    let naive = scenario("scenarios/retry-storm.json").variant("naive").unwrap();
    let checks = r#"["recovered within 15s after db-slow", "metastable = no"]"#;
    let run = naive.set("checks.shoppers", checks).unwrap().run(1).unwrap();
    let told = run.to_string();
    let run = run.result();
    assert_eq!(run.recoveries[0].verdict, RecoveryKind::Metastable);
    let texts: Vec<&str> = run.checks.iter().map(|check| &*check.measured_text).collect();
    assert_eq!(texts, ["metastable: it keeps itself down", "yes"]);
    assert!(run.checks.iter().all(|check| check.status == CheckStatus::Failed));
    assert!(told.contains("→ metastable: not recovered before the end of the run"), "{told}");
    assert!(told.contains("STORM") && told.contains("the overload sustains itself"), "{told}");
}

/// A backlog that is worked off, in front of who takes only so many of it at a time.
const BACKLOGS: [&str; 3] = [
    // At the callers of a service, of which few may call it at a time.
    r#""services": { "web": { "workers": 30, "queue": { "capacity": 100000 }, "endpoints": { "get": [ { "call": "db" } ] } },
         "db": { "workers": 8, "endpoints": { "get": [ { "compute": { "exp": { "mean": "4ms" } } } ] } } },
       "load": { "users": { "target": "web", "open": { "poisson": "RATE" } } MORE },
       "faults": [ { "name": "bad", "at": "20s", "for": "LENGTH", "slow": { "target": "db", "factor": 20 } } NEXT ] }"#,
    // At the service itself.
    r#""services": { "db": { "workers": 8, "queue": { "capacity": 100000 }, "endpoints": { "get": [ { "compute": { "exp": { "mean": "4ms" } } } ] } } },
       "load": { "users": { "target": "db", "open": { "poisson": "RATE" } } MORE },
       "faults": [ { "name": "bad", "at": "20s", "for": "LENGTH", "slow": { "target": "db", "factor": 20 } } NEXT ] }"#,
    // At a broker, before consumers that have a few each.
    r#""services": { "web": { "workers": 100000, "endpoints": { "post": [ { "request": "bus.orders", "timeout": "60s" } ] } },
         "db": { "workers": 8, "consume": { "bus.orders": { "prefetch": 30, "reply": true, "do": [ { "compute": { "exp": { "mean": "4ms" } } } ] } } } },
       "brokers": { "bus": { "disk": { "sync": "100us" }, "topics": { "orders": { "partitions": 4, "keep": "unsettled" } } } },
       "load": { "users": { "target": "web", "open": { "poisson": "RATE" } } MORE },
       "faults": [ { "name": "bad", "at": "20s", "for": "LENGTH", "slow": { "target": "db", "factor": 20 } } NEXT ] }"#,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However early one stops to look.
    #[test]
    fn a_backlog_that_is_worked_off_sustains_nothing(
        kind in 0..BACKLOGS.len(),
        (rate, length, watch) in (400..1_000_u32, 2..6_u32, 4_000..20_000_u32),
        by_load: bool,
    ) {
        let until = (20 + length) * 1_000 + watch;
        let (more, next) = match by_load {
            true => (format!(r#", "more": {{ "target": "db", "open": {{ "poisson": "1/s" }}, "from": "{until}ms" }}"#), String::new()),
            false => (String::new(), format!(r#", {{ "name": "worse", "at": "{until}ms", "errors": {{ "target": "db", "rate": "100%" }} }}"#)),
        };
        let more = if kind == 2 { String::new() } else { more };
        let text = BACKLOGS[kind].replace("RATE", &format!("{rate}/s")).replace("LENGTH", &format!("{length}s"));
        let text = text.replace("MORE", &more).replace("NEXT", &next);
        let text = format!(r#"{{ "version": 1, "name": "backlog", "run": {{ "duration": "{}ms" }}, {text}"#, until + 1_000);
        let run = Scenario::parse("backlog.json", &text).unwrap().run(1).unwrap();
        let found = users(&run, "bad");
        prop_assert!(found.verdict != RecoveryKind::Metastable, "{text}\n{run}");
    }
}
