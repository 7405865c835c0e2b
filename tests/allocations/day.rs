//! A day in which a group is never as it was for long: its members die and come back every minute.

use cascadia::Scenario;
use serde_json::{Value, json};

use super::{LIVE, PEAK};

/// Somebody of a service dies once a minute, for so long.
fn scenario(minutes: u64, who: &str) -> Scenario {
    let dies = |minute: u64| {
        json!({
            "at": format!("{}s", minute * 60 + 10), "for": "30s",
            "refuse": { "target": format!("{who}/{}", minute % 3) },
        })
    };
    let faults: Vec<Value> = (0..minutes).map(dies).collect();
    let text = json!({
        "version": 1,
        "name": "day",
        "run": {
            "duration": format!("{}s", minutes * 60), "warmup": "0s", "window": format!("{minutes}s"),
        },
        "services": {
            "shop": { "endpoints": { "order": [{ "publish": "bus.orders", "keyed": true }] } },
            "idle": { "replicas": 3, "endpoints": { "get": [{ "compute": "1ms" }] } },
            "desk": { "replicas": 3, "consume": { "bus.orders": {
                "share": { "partitions": "cooperative" }, "session_timeout": "6s", "heartbeat": "1s",
                "do": [{ "compute": "5ms" }],
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

/// The most bytes that a run holds at a time, and how many messages were delivered again in it.
fn peak(minutes: u64, who: &str) -> (i64, u64) {
    let scenario = scenario(minutes, who);
    let before = LIVE.get();
    PEAK.set(before);
    let run = scenario.run(1).unwrap();
    let result = run.result();
    assert!(result.invariants.iter().all(|law| law.passed), "{:?}", result.invariants);
    let rows = &result.components["bus.orders desk"].rows;
    assert!(rows["done"] + 100 > rows["published"], "{rows:?}");
    (PEAK.get() - before, rows["redelivered"])
}

/// A day, or of that two hours.
fn minutes() -> u64 {
    if std::env::var("CASCADIA_FULL").is_ok_and(|full| full == "1") { 24 * 60 } else { 2 * 60 }
}

#[test]
fn a_day_of_rebalances_leaves_nothing_behind() {
    // What the faults themselves are known by is the same where nobody notices them.
    let (calm, none) = peak(minutes(), "idle");
    let (moved, again) = peak(minutes(), "desk");
    assert!(none == 0 && again > 0, "{none} and {again} messages were delivered again");
    assert!(moved < calm + calm / 10, "{calm} bytes without a rebalance, {moved} with many");
}

#[test]
fn messages_that_are_done_take_no_room() {
    let (one, _) = peak(20, "idle");
    let (six, _) = peak(2 * 60, "idle");
    // Thirty thousand messages more, and a hundred faults more.
    assert!(six - one < 700_000, "{one} bytes in 20 min, {six} in two hours");
}
