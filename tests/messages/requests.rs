//! Requests by message: each ends once, and what comes besides is counted.

use std::collections::BTreeMap;

use cascadia::Scenario;
use cascadia::result::RunResult;
use serde_json::{Value, json};

/// A shop that asks a desk by message, for twenty of forty seconds.
fn world(request: &Value, consume: &Value, faults: &Value) -> RunResult {
    let mut asks = json!({ "request": "bus.orders", "timeout": "2s" });
    let mut does = json!({ "reply": true, "do": [ { "compute": { "exp": { "mean": "5ms" } } } ] });
    for (whole, part) in [(&mut asks, request), (&mut does, consume)] {
        whole.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    let file = json!({
        "version": 1,
        "name": "requests",
        "run": { "duration": "40s", "warmup": "0s" },
        "services": {
            "shop": { "workers": "unlimited", "endpoints": { "order": [asks] } },
            "desk": { "replicas": 2, "workers": 8, "consume": { "bus.orders": does } },
        },
        "brokers": { "bus": { "topics": { "orders": { "partitions": 2 } } } },
        "links": { "default": { "latency": "1ms" } },
        "load": { "users": {
            "target": "shop", "open": { "poisson": "50/s" }, "until": "20s",
        } },
        "faults": faults,
        "checks": {},
    });
    let text = serde_json::to_string_pretty(&file).unwrap();
    let scenario = Scenario::parse("requests", &text).unwrap_or_else(|wrong| panic!("{wrong}"));
    let run = scenario.run(1).unwrap();
    let result = run.result().clone();
    let broken = result.invariants.iter().find(|law| !law.passed);
    assert_eq!(broken, None);
    assert!(result.invariants.iter().any(|law| law.name.starts_with("no-request-forgotten")));
    let rows = rows(&result);
    let ends = ["replied", "faults", "timed_out", "not_sent", "dropped"];
    let ended: u64 = ends.iter().map(|end| rows[*end]).sum();
    assert_eq!(ended, rows["requests"], "{rows:?}");
    let series = &result.series.components["bus.orders requests"];
    assert_eq!(series.levels["waiting"].last(), Some(&0), "{rows:?}");
    result
}

fn rows(result: &RunResult) -> &BTreeMap<String, u64> {
    &result.components["bus.orders requests"].rows
}

fn nothing() -> Value {
    json!({})
}

#[test]
fn in_calm_weather_each_request_has_one_reply() {
    let result = world(&nothing(), &nothing(), &json!([]));
    let rows = rows(&result);
    assert!(rows["requests"] > 800, "{rows:?}");
    assert_eq!(rows["replied"], rows["requests"], "{rows:?}");
    assert_eq!((rows["late"], rows["doubled"]), (0, 0), "{rows:?}");
}

#[test]
fn who_cannot_do_it_says_so() {
    let work = json!({ "do": [ { "fail": "20%", "status": 409 } ] });
    let result = world(&nothing(), &work, &json!([]));
    let rows = rows(&result);
    assert!(rows["faults"] > 100, "{rows:?}");
    assert_eq!(rows["replied"] + rows["faults"], rows["requests"], "{rows:?}");
    assert_eq!(result.components["bus.orders desk"].rows["dead"], rows["faults"]);
}

#[test]
fn replies_that_take_longer_than_anybody_waits_are_late() {
    let long = json!({ "do": [ { "compute": "150ms" } ] });
    let result = world(&json!({ "timeout": "100ms" }), &long, &json!([]));
    let rows = rows(&result);
    assert!(rows["late"] > 400, "{rows:?}");
    assert_eq!(rows["timed_out"], rows["requests"], "{rows:?}");
}

#[test]
fn replies_that_are_lost_on_their_way_cost_timeouts() {
    let cut = json!([ { "partition": { "from": "bus", "to": "shop" }, "at": "5s", "for": "4s" } ]);
    let result = world(&nothing(), &nothing(), &cut);
    let rows = rows(&result);
    assert!(rows["timed_out"] > 50 && rows["late"] > 0, "{rows:?}");
    assert!(rows["late"] <= rows["timed_out"], "{rows:?}");
}

#[test]
fn a_slow_desk_replies_late_and_requests_expire() {
    let slow = json!([ { "slow": { "target": "desk", "factor": 400 }, "at": "5s", "for": "8s" } ]);
    let result = world(&nothing(), &nothing(), &slow);
    let rows = rows(&result);
    assert!(rows["timed_out"] > 50 && rows["late"] > 0, "{rows:?}");
    assert!(rows["late"] < rows["timed_out"], "{rows:?}");
    assert!(result.components["bus.orders desk"].rows["dead"] > 0, "they expire");
}

#[test]
fn what_is_done_twice_is_replied_to_twice() {
    let hasty = json!({ "ack_wait": "200ms", "extend": false, "do": [ { "compute": "300ms" } ] });
    let result = world(&json!({ "timeout": "10s" }), &hasty, &json!([]));
    let rows = rows(&result);
    assert!(rows["doubled"] > 50, "{rows:?}");
}

#[test]
fn copies_of_what_is_sent_do_no_harm() {
    let copies = |from: &str| json!({ "duplicate": { "from": from, "rate": "50%" }, "at": "1s" });
    let faults = json!([copies("shop"), copies("bus"), copies("desk")]);
    let result = world(&nothing(), &nothing(), &faults);
    let rows = rows(&result);
    assert_eq!(rows["replied"], rows["requests"], "{rows:?}");
}

#[test]
fn requests_of_a_dead_replier_are_done_by_others() {
    for kind in ["crash", "refuse"] {
        let dies = json!([ { kind: { "target": "desk/0" }, "at": "5s", "for": "5s" } ]);
        let long = json!({ "do": [ { "compute": "50ms" } ], "ack_wait": "1s" });
        let result = world(&json!({ "timeout": "20s" }), &long, &dies);
        let rows = rows(&result);
        assert!(rows["replied"] >= rows["requests"] - 1, "{kind}: {rows:?}");
    }
}

#[test]
fn replies_to_a_life_that_is_over_are_late() {
    for kind in ["crash", "refuse"] {
        let dies = json!([ { kind: { "target": "shop" }, "at": "5s", "for": "1s" } ]);
        let long = json!({ "do": [ { "compute": "100ms" } ] });
        let result = world(&nothing(), &long, &dies);
        let rows = rows(&result);
        assert!(rows["dropped"] > 0, "{kind}: {rows:?}");
        // What a machine was sent that is gone is gone, too.
        assert_eq!(rows["late"] > 0, kind == "refuse", "{kind}: {rows:?}");
        assert_eq!(rows["timed_out"], 0, "{kind}: {rows:?}");
    }
}

#[test]
fn a_broker_that_is_gone_for_longer_than_anybody_waits_costs_timeouts() {
    let dies = json!([ { "crash": { "target": "bus" }, "at": "5s", "for": "5s" } ]);
    let result = world(&json!({ "request_timeout": "1s" }), &nothing(), &dies);
    let rows = rows(&result);
    assert!(rows["timed_out"] + rows["not_sent"] > 100, "{rows:?}");
    assert!(rows["replied"] > 500, "{rows:?}");
}

#[test]
fn replicas_that_come_and_go_have_inboxes_of_their_own() {
    let scales = json!([ { "scale": { "target": "shop", "to": 3 }, "at": "5s", "for": "5s" } ]);
    let result = world(&nothing(), &nothing(), &scales);
    let rows = rows(&result);
    assert_eq!(rows["replied"], rows["requests"], "{rows:?}");
}
