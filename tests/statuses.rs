//! By the status of a step that fails, policies tell whose fault it is and whether to try again.

use cascadia::Scenario;
use cascadia::result::{OutcomeKind, RunResult};
use serde_json::{Value, json};

/// A service of which every request fails with `status`, behind one layer.
fn run(status: &Value, layer: &Value) -> RunResult {
    let file = json!({
        "version": 1,
        "name": "statuses",
        "run": { "duration": "2s" },
        "services": { "leaf": { "workers": "unlimited", "endpoints": {
            "get": [{ "compute": "1ms" }, { "fail": "100%", "status": status }] } } },
        "policies": { "p": [layer] },
        "load": { "users": {
            "target": "leaf.get", "policy": "p", "open": { "constant": "50/s" }, "until": "1s" } },
    });
    let scenario = Scenario::parse("statuses.json", &file.to_string()).unwrap();
    scenario.run(1).unwrap().result().clone()
}

fn opens(status: &Value) -> bool {
    let run = run(status, &json!({ "breaker": { "consecutive": 3 } }));
    let opened = run.policies["p.breaker → leaf"].counts.get("opened");
    opened.is_some_and(|count| *count > 0)
}

fn retries(status: &Value) -> u64 {
    let layer = json!({ "retry": { "attempts": 2, "backoff": "none" } });
    run(status, &layer).policies["p.retry → leaf"].retries.iter().sum()
}

#[test]
fn a_breaker_opens_by_what_speaks_against_the_server() {
    for status in [json!(null), json!(503), json!(501), json!(429), json!("INTERNAL")] {
        assert!(opens(&status), "{status}");
    }
    for status in [json!(404), json!(400), json!("NOT_FOUND"), json!("CANCELLED")] {
        assert!(!opens(&status), "{status}");
    }
}

#[test]
fn a_retry_is_made_where_another_try_may_help() {
    for status in [json!(null), json!(503), json!(408), json!("UNAVAILABLE")] {
        assert!(retries(&status) > 0, "{status}");
    }
    for status in [json!(404), json!(501), json!("NOT_FOUND"), json!("RESOURCE_EXHAUSTED")] {
        assert_eq!(retries(&status), 0, "{status}");
    }
}

#[test]
fn a_request_that_ends_with_a_status_has_failed() {
    for status in [json!(503), json!(404), json!("NOT_FOUND")] {
        let run = run(&status, &json!({ "timeout": "1s" }));
        let users = &run.loads["users"];
        assert_eq!(users.outcomes[&OutcomeKind::Failed], users.offered, "{status}");
    }
}
