//! A day in which a group is never as it was: members leave and come back every minute.

use cascadia::Scenario;
use serde_json::{Value, json};

use super::{LIVE, PEAK};

/// Members come and go once a minute, for so long.
fn scenario(minutes: u64) -> Scenario {
    let comes_and_goes = |minute: u64| {
        json!({
            "at": format!("{}s", minute * 60 + 10), "for": "30s",
            "scale": { "target": "desk", "to": 1 + minute % 2 },
        })
    };
    let faults: Vec<Value> = (0..minutes).map(comes_and_goes).collect();
    let text = json!({
        "version": 1,
        "name": "day",
        "run": { "duration": format!("{}s", minutes * 60), "warmup": "0s", "window": format!("{minutes}s") },
        "services": {
            "shop": { "endpoints": { "order": [{ "publish": "bus.orders", "keyed": true }] } },
            "desk": { "replicas": 3, "consume": { "bus.orders": {
                "share": { "partitions": "cooperative" }, "do": [{ "compute": "5ms" }],
            } } },
        },
        "brokers": { "bus": { "topics": { "orders": { "partitions": 6, "retain_for": "60s" } } } },
        "load": { "users": {
            "target": "shop.order", "open": { "poisson": "5/s" }, "keys": { "uniform": { "of": 100 } },
        } },
        "faults": faults,
    });
    Scenario::parse("day", &text.to_string()).unwrap()
}

/// The most bytes that a run holds at a time.
fn peak(minutes: u64) -> i64 {
    let scenario = scenario(minutes);
    let before = LIVE.get();
    PEAK.set(before);
    let run = scenario.run(1).unwrap();
    let result = run.result();
    assert!(result.invariants.iter().all(|law| law.passed), "{:?}", result.invariants);
    let rows = &result.components["bus.orders desk"].rows;
    assert!(rows["done"] + 100 > rows["published"], "{rows:?}");
    PEAK.get() - before
}

#[test]
fn a_day_of_rebalances_leaves_nothing_behind() {
    let (hours, day) = (peak(60), peak(240));
    assert!(day < 2 * hours, "{hours} bytes an hour, {day} a day");
}
