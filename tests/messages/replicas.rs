//! Partitions that several places keep, in weather that is made for them.

use cascadia::Scenario;
use cascadia::result::RunResult;
use serde_json::{Value, json};

use super::wrong;

/// A shop, a broker of three places that all keep the orders, and who works on these.
fn run(topic: Value, faults: Value) -> RunResult {
    let publish = json!({ "publish": "bus.orders", "acks": "all", "request_timeout": "2s",
        "delivery_timeout": "60s" });
    let consume = json!({ "do": [{ "compute": "2ms" }], "share": { "partitions": "cooperative" } });
    let file = json!({
        "version": 1,
        "name": "replicas",
        "run": { "duration": "150s", "warmup": "0s" },
        "services": {
            "shop": { "workers": "unlimited", "endpoints": { "order": [publish] } },
            "desk": { "replicas": 2, "workers": 8, "consume": { "bus.orders": consume } },
        },
        "brokers": { "bus": { "places": 3, "replica_lag": "5s", "topics": { "orders": topic } } },
        "links": { "default": { "latency": "500us" } },
        "load": { "users": { "target": "shop.order", "open": { "poisson": "50/s" }, "until": "60s" } },
        "faults": faults,
        "checks": {},
    });
    let scenario = Scenario::parse("replicas", &file.to_string()).unwrap();
    let result = scenario.run(1).unwrap().result().clone();
    assert_eq!(wrong(&result), [""; 0]);
    let kept = result.invariants.iter().filter(|law| {
        let laws = ["acknowledged-is-kept bus", "one-leader bus", "one-log bus"];
        laws.contains(&law.name.as_str())
    });
    assert_eq!(kept.count(), 3);
    result
}

fn topic() -> Value {
    json!({ "partitions": 3, "replicas": 3, "min_insync": 2 })
}

fn count(result: &RunResult, of: &str, row: &str) -> u64 {
    result.components[of].rows[row]
}

#[test]
fn another_leads_when_a_leader_dies() {
    let faults = json!([{ "crash": { "target": "bus/0" }, "at": "20s", "for": "30s" }]);
    let result = run(topic(), faults);
    assert_eq!(count(&result, "bus", "elections"), 4);
    let desk = |row| count(&result, "bus.orders desk", row);
    assert_eq!((desk("done"), desk("lost")), (desk("published"), 0));
}

#[test]
fn nobody_else_leads_without_need() {
    let result = run(topic(), json!([]));
    assert_eq!(count(&result, "bus", "elections"), 3);
    assert_eq!(count(&result, "bus", "refused"), 0);
}

/// It goes on as a leader of which the others know better, and what it takes meanwhile is cut off.
#[test]
fn a_leader_that_is_cut_off_confirms_nothing() {
    let cut =
        |to: &str| json!({ "partition": { "from": "bus/0", "to": to }, "at": "20s", "for": "30s" });
    let result = run(topic(), json!([cut("bus/1"), cut("bus/2")]));
    assert_eq!(count(&result, "bus", "elections"), 4);
}

#[test]
fn who_falls_behind_is_put_out_and_comes_back() {
    let topic = json!({ "replicas": 2, "min_insync": 2 });
    let faults = json!([{ "crash": { "target": "bus/1" }, "at": "20s", "for": "30s" }]);
    let result = run(topic, faults);
    assert!(count(&result, "bus", "refused") > 0);
    assert_eq!(count(&result, "bus", "elections"), 1);
    let levels = &result.series.components["bus"].levels["under_replicated"];
    assert!(levels.iter().any(|level| *level > 0) && levels.last() == Some(&0));
}

#[test]
fn a_minority_decides_nothing_and_all_go_on_when_it_is_none() {
    let crash = |who: &str| json!({ "crash": { "target": who }, "at": "20s", "for": "20s" });
    let result = run(topic(), json!([crash("bus/1"), crash("bus/2")]));
    assert!(count(&result, "bus", "elections") >= 3);
}

#[test]
fn all_die_and_come_back() {
    let faults = json!([{ "crash": { "target": "bus" }, "at": "20s", "for": "10s" }]);
    let result = run(topic(), faults);
    assert_eq!(count(&result, "bus", "elections"), 6);
}
