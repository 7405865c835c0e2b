//! The warning of more work than workers, where loads come and go.

use crate::common::valid;

/// One worker that does a hundred requests a second, and two loads.
const STEPS: &str = r#"{
  "version": 1, "name": "steps", "run": { "duration": "20s" },
  "services": {
    "a": { "workers": "unlimited", "endpoints": { "get": [ { "call": "b.get" } ] } },
    "b": { "workers": 1, "endpoints": { "get": [ { "compute": "10ms" } ] } } },
  "load": {
    "u": { "target": "b.get", "open": { "constant": "60/s" } },
    "v": { "target": "a.get", "open": { "poisson": "60/s" } } }
}"#;

fn warnings(sets: &[&str]) -> Vec<String> {
    valid(STEPS, sets).warnings.iter().map(|warning| warning.message.clone()).collect()
}

fn times(factor: &str) -> Vec<String> {
    vec![format!("service `b` gets {factor} times the work that its workers can do")]
}

#[test]
fn loads_that_overlap_are_added() {
    assert_eq!(warnings(&[]), times("1.2"));
    assert_eq!(warnings(&["load.u.until=10s", "load.v.from=9s"]), times("1.2"));
    assert_eq!(warnings(&["load.v.from=5s", "load.v.until=6s"]), times("1.2"));
}

/// How many are sent is known of those only that share no answer.
#[test]
fn calls_that_share_answers_are_no_demand() {
    let shared = [
        r#"policies={"one":[{"singleflight":{}}]}"#,
        r#"services.a.endpoints.get=[{"call":"b.get","policy":"one"}]"#,
        r#"load.u.policy="one""#,
        "load.u.open.constant=200/s",
        "load.v.open.poisson=200/s",
    ];
    assert_eq!(warnings(&shared), [""; 0]);
    assert_eq!(warnings(&[&shared[..2], &shared[3..]].concat()), times("2"));
    let steps = r#"services.b.endpoints.get={"idempotent":false,"steps":[{"compute":"10ms"}]}"#;
    let each = [&shared[..], &[steps]].concat();
    assert!(warnings(&each).contains(&times("4")[0]), "{:?}", warnings(&each));
}

#[test]
fn loads_that_follow_each_other_are_not() {
    assert_eq!(warnings(&["load.u.until=10s", "load.v.from=10s"]), [""; 0]);
    assert_eq!(warnings(&["load.v.until=10s", "load.u.from=10s"]), [""; 0]);
}

#[test]
fn the_worst_time_is_told() {
    let later = r#"load.w={"target":"b.get","open":{"constant":"150/s"},"from":"12s"}"#;
    assert_eq!(warnings(&["load.u.until=10s", "load.v.from=10s", later]), times("2.1"));
    let alone = r#"load.w={"target":"b.get","open":{"constant":"150/s"},"from":"12s"}"#;
    assert_eq!(warnings(&["load.u.until=10s", "load.v.until=12s", alone]), times("1.5"));
}

/// What is drawn has the mean of its ways, and those that fail on one of them ask for nothing more.
#[test]
fn a_chance_asks_for_the_mean_of_its_ways() {
    let steps = |service: &str, steps: &str| format!("services.{service}.endpoints.get=[{steps}]");
    let work = r#"{"chance":"25%","steps":[{"compute":"26ms"}],"otherwise":[{"compute":"18ms"}]}"#;
    assert_eq!(warnings(&[&steps("b", work)]), times("2.4"));
    let fails = r#"{"chance":"60%","steps":[{"fail":"75%"}],"otherwise":[{"fail":"12.5%"}]}"#;
    let twice = r#"{"compute":"20ms"}"#;
    assert_eq!(warnings(&[&steps("b", &format!("{fails},{twice}"))]), times("1.2"));
    let call = r#"{"call":"b.get"}"#;
    let some = format!(r#"{{"chance":"25%","steps":[{call}]}}"#);
    let others = format!(r#"{{"chance":"75%","steps":[],"otherwise":[{call}]}}"#);
    for calls in [some, others] {
        let asked = |script: &str| warnings(&[&steps("a", script), "load.v.open.poisson=160/s"]);
        assert_eq!(asked(&calls), times("1"));
        assert_eq!(asked(&format!("{calls},{calls}")), times("1.4"));
        assert_eq!(asked(&format!("{fails},{calls},{calls},{calls},{calls}")), times("1.4"));
    }
}

#[test]
fn work_behind_a_step_that_fails_is_asked_by_those_that_it_lets_pass() {
    let steps = |service: &str, steps: &str| format!("services.{service}.endpoints.get=[{steps}]");
    let work = r#"{"compute":"20ms"}"#;
    for fails in [
        r#"{"fail":"50%"}"#,
        r#"{"parallel":[{"fail":"50%"},{"fail":"0%"}]}"#,
        r#"{"parallel":[[{"fail":"20%"},{"fail":"37.5%"}]]}"#,
    ] {
        assert_eq!(warnings(&[&steps("b", &format!("{fails},{work}"))]), times("1.2"));
        assert_eq!(warnings(&[&steps("b", &format!("{work},{fails}"))]), times("2.4"));
        let half = steps("a", &format!(r#"{fails},{{"call":"b.get"}}"#));
        assert_eq!(warnings(&[&half, "load.v.open.poisson=80/s"]), times("1"));
    }
    let all =
        [r#"{"fail":"50%"}"#, r#"{"parallel":[[{"fail":"50%"},{"call":"b.get"}]]}"#].join(",");
    assert_eq!(warnings(&[&steps("a", &all), "load.v.open.poisson=160/s"]), times("1"));
}
