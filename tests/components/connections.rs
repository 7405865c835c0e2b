//! What is sent over connections, and what becomes of it.

use std::collections::BTreeMap;

use cascadia::Scenario;

use super::counter::registry;

const TALK: &str = r#"{
  "version": 1,
  "name": "talk",
  "run": { "duration": "40s", "warmup": "0s" },
  "services": { "idle": { "endpoints": { "get": [{ "compute": "1ms" }] } } },
  "components": { "one": { "counter": { "to": "other" } }, "other": { "counter": {} } },
  "links": { "default": { "latency": { "exp": { "mean": "5ms" } } } },
  "load": { "users": { "target": "idle", "open": { "constant": "1/s" } } },
  "faults": []
}"#;

/// What one has said, and what each has heard, with a fault from 2 s to 8 s.
fn talk(fault: &str) -> (u64, BTreeMap<String, u64>, BTreeMap<String, u64>) {
    let scenario = Scenario::parse_with(registry(), "talk", TALK).unwrap();
    let fault = format!(r#"[{{ "at": "2s", "for": "6s", {fault} }}]"#);
    let result = scenario.set("faults", fault).unwrap().run(1).unwrap().result().clone();
    assert!(result.invariants.iter().all(|law| law.passed), "{:?}", result.invariants);
    let rows = |name: &str| result.components[name].rows.clone();
    (rows("one")["said"], rows("one"), rows("other"))
}

#[test]
fn what_a_link_loses_comes_all_the_same_and_in_its_order() {
    for fault in [
        r#""latency": { "from": "users", "add": "1ms" }"#,
        r#""loss": { "from": "one", "to": "other", "rate": "30%" }"#,
        r#""partition": { "from": "one", "to": "other" }"#,
    ] {
        let (said, _, other) = talk(fault);
        assert_eq!((other["heard"], other["disordered"]), (said, 0), "{fault}");
    }
}

#[test]
fn faults_that_reorder_and_double_do_that_on_a_connection_too() {
    let (said, _, other) = talk(r#""reorder": { "rate": "20%", "within": "50ms" }"#);
    assert_eq!(other["heard"], said);
    assert!(other["disordered"] > 50, "{other:?}");
    let (said, _, other) = talk(r#""duplicate": { "rate": "20%" }"#);
    assert!((50..200).contains(&(other["heard"] - said)), "{said} {other:?}");
}

#[test]
fn a_process_that_is_gone_is_told_of_and_a_machine_is_not() {
    let (said, one, other) = talk(r#""refuse": { "target": "other" }"#);
    assert!(one["resets"] > 500 && other["heard"] < said - 500, "{one:?} {other:?}");
    let (said, one, other) = talk(r#""crash": { "target": "other" }"#);
    assert!(one["resets"] == 0 && other["heard"] < said - 500, "{one:?} {other:?}");
}

#[test]
fn a_connection_that_gets_nothing_through_is_given_up() {
    let scenario = Scenario::parse_with(registry(), "talk", TALK).unwrap();
    let cut = r#"[{ "at": "2s", "for": "30s", "partition": { "from": "one" } }]"#;
    let result = scenario.set("faults", cut).unwrap().run(1).unwrap().result().clone();
    let rows = |name: &str| &result.components[name].rows;
    assert_eq!((rows("one")["said"], rows("other")["heard"]), (1_500, 199));
    let law = result.invariants.iter().find(|law| law.name == "flow-conservation one").unwrap();
    assert!(law.passed && law.detail.contains("failed"), "{law:?}");
}
