//! What runs hold at a time, against what was expected.

use cascadia::Scenario;
use serde_json::{Value, json};

use super::{LIVE, PEAK};

/// A world of one service and one load, but for what is given.
fn world(services: Value, policy: Value, load: Value) -> Value {
    let mut load = load;
    load["policy"] = json!("p");
    json!({
        "version": 1, "name": "t", "run": { "duration": "1s", "seed": 1 },
        "services": services, "policies": { "p": policy }, "load": { "u": load },
    })
}

fn service(workers: Value, steps: Value) -> Value {
    json!({ "db": { "workers": workers, "endpoints": { "get": steps } } })
}

fn fast() -> Value {
    service(json!("unlimited"), json!([{ "compute": "5ms" }]))
}

fn hung() -> Value {
    service(json!("unlimited"), json!([{ "compute": "10s" }]))
}

fn open(rate: &str) -> Value {
    json!({ "target": "db.get", "open": { "constant": rate } })
}

fn crowd(clients: u32) -> Value {
    json!({ "target": "db.get", "population": clients, "open": { "constant": "10/s" } })
}

/// Each is dominated by another part of the bill.
fn worlds() -> Vec<(&'static str, Value)> {
    let queue = service(json!(1), json!([{ "compute": "1h" }]));
    let closed = json!({ "target": "db.get", "closed": { "clients": 30_000, "think": "1s" } });
    let buckets =
        json!([{ "breaker": { "window": { "time": { "span": "10s", "buckets": 1_000 } } } }]);
    let log = json!([{ "rate_limit": { "algorithm": { "sliding_log": { "limit": 4_000_000, "window": "1h" } } } }]);
    let mut pair = hung();
    pair["a"] = json!({ "workers": "unlimited", "endpoints": { "e": [{ "call": "db.get" }] } });
    let through = json!({ "target": "a.e", "open": { "constant": "10000/s" } });
    let layers = json!([{ "timeout": "1h" }, { "retry": {} }, { "breaker": { "consecutive": 5 } }, { "bulkhead": 1_000_000 }]);
    let many: serde_json::Map<String, Value> = (0..100)
        .map(|n| (format!("s{n}"), fast()["db"].clone()))
        .chain([("db".to_owned(), fast()["db"].clone())])
        .collect();
    vec![
        ("requests under way", world(hung(), json!([]), open("30000/s"))),
        ("requests behind layers", world(hung(), layers.clone(), open("20000/s"))),
        ("requests that wait", world(queue, json!([]), open("30000/s"))),
        ("requests that call", world(pair, json!([]), through)),
        ("clients", world(hung(), json!([]), closed)),
        ("clients with policies", world(fast(), layers, crowd(10_000))),
        ("clients with windows", world(fast(), buckets, crowd(2_000))),
        (
            "clients with histograms",
            world(fast(), json!([{ "hedge": {} }, { "balance": "p2c" }]), crowd(4_000)),
        ),
        ("a log of calls", world(fast(), log, open("300000/s"))),
        ("services over time", world(Value::Object(many), json!([]), open("10/s"))),
    ]
}

/// The most bytes that a run holds at a time.
fn peak(scenario: &Scenario) -> f64 {
    let before = LIVE.get();
    PEAK.set(before);
    drop(scenario.run(1).unwrap());
    (PEAK.get() - before) as f64
}

#[test]
fn what_a_run_holds_is_on_its_bill() {
    let mut wrong = Vec::new();
    for (name, file) in worlds() {
        let scenario = Scenario::parse(name, &file.to_string()).unwrap();
        let (held, billed) = (peak(&scenario), scenario.bill().memory.total);
        if held > 1.5 * billed || billed > 3.0 * held + 15e6 {
            wrong.push(format!("{name}: {held:.2e} bytes, of {billed:.2e} on the bill"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
