//! What is sent over connections, and what becomes of it.

use std::collections::BTreeMap;

use cascadia::Scenario;
use proptest::collection::vec;
use proptest::prelude::*;

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
fn a_process_that_is_gone_is_told_of_at_once_and_a_machine_when_it_is_back() {
    let (said, one, other) = talk(r#""refuse": { "target": "other" }"#);
    assert!(one["resets"] > 500 && other["heard"] < said - 500, "{one:?} {other:?}");
    let (said, one, other) = talk(r#""crash": { "target": "other" }"#);
    assert!(one["resets"] == 1 && other["heard"] < said - 500, "{one:?} {other:?}");
    assert_eq!((other["gaps"], other["disordered"]), (1, 0), "{one:?} {other:?}");
}

#[test]
fn a_connection_that_gets_nothing_through_is_given_up() {
    let scenario = Scenario::parse_with(registry(), "talk", TALK).unwrap();
    // Not in the instant in which something is said.
    let cut = r#"[{ "at": "2005ms", "for": "30s", "partition": { "from": "one" } }]"#;
    let result = scenario.set("faults", cut).unwrap().run(1).unwrap().result().clone();
    let rows = |name: &str| &result.components[name].rows;
    assert_eq!((rows("one")["said"], rows("other")["heard"]), (1_500, 200));
    assert!(rows("one")["resets"] >= 1, "who sent is told: {:?}", rows("one"));
    let law = result.invariants.iter().find(|law| law.name == "flow-conservation one").unwrap();
    assert!(law.passed && law.detail.contains("failed"), "{law:?}");
}

/// A fault on somebody of the talk, somewhen.
fn fault() -> impl Strategy<Value = String> {
    let who = prop_oneof![Just("one"), Just("other")];
    let what = (0..5, who, 1..60_u32).prop_map(|(what, who, rate)| match what {
        0 => format!(r#""crash": {{ "target": "{who}" }}"#),
        1 => format!(r#""refuse": {{ "target": "{who}" }}"#),
        2 => format!(r#""partition": {{ "from": "{who}" }}"#),
        3 => format!(r#""partition": {{ "to": "{who}" }}"#),
        _ => format!(r#""loss": {{ "from": "one", "to": "other", "rate": "{rate}%" }}"#),
    });
    let (at, lasts) = (0..14_000_u32, prop_oneof![1..20_u32, 1..9_000_u32]);
    (at, lasts, what).prop_map(|(at, lasts, what)| {
        format!(r#"{{ "at": "{at}ms", "for": "{lasts}ms", {what} }}"#)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// What is missing was told to be: to whoever sent, or it was not there to be told.
    #[test]
    fn nothing_is_lost_on_a_connection_without_a_word(faults in vec(fault(), 0..5)) {
        let scenario = Scenario::parse_with(registry(), "talk", TALK).unwrap();
        let faults = format!("[{}]", faults.join(","));
        let result = scenario.set("faults", faults.clone()).unwrap().run(1).unwrap().result().clone();
        let rows = |name: &str| &result.components[name].rows;
        let (one, other) = (rows("one"), rows("other"));
        let own_deaths = faults.matches(r#"{ "target": "one" }"#).count() as u64;
        // A later life has connections of its own, and what was on its way on those of the former still comes.
        prop_assert!(own_deaths > 0 || other["disordered"] == 0, "{faults} {one:?} {other:?}");
        prop_assert!(other["gaps"] <= one["resets"] + own_deaths, "{faults} {one:?} {other:?}");
        prop_assert!(result.invariants.iter().all(|law| law.passed), "{:?}", result.invariants);
    }
}
