//! The schema refuses what has the wrong shape, so that editors do.

use std::fs;
use std::path::Path;

use cascadia_scenarios::{SHOP, schema, shipped};
use serde_json::{Value, json};

use crate::common;

/// What is wrong with a file by itself, whatever its names mean.
const OF_SHAPE: [&str; 8] = ["S004", "S005", "S006", "S007", "S009", "S010", "S011", "S012"];

fn accepts(file: &Value) -> bool {
    jsonschema::validator_for(&schema()).expect("it is a schema").is_valid(file)
}

/// Which units a value has depends on the metric, and that a budget is of one kind on keys that are all known.
const ACCEPTED: [&str; 2] = ["budget-two-kinds.json", "check-no-unit.json"];

#[test]
fn a_file_whose_shape_is_wrong_is_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed");
    let validator = jsonschema::validator_for(&schema()).expect("it is a schema");
    let (mut looked, mut accepted) = (0, Vec::new());
    for entry in fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("it can be read").path();
        let text = fs::read_to_string(&path).expect("it can be read");
        let Ok(file) = serde_json::from_str::<Value>(&text) else { continue };
        let codes = common::codes(&text, &[]);
        if !codes.is_empty() && codes.iter().all(|code| OF_SHAPE.contains(code)) {
            looked += 1;
            let is_known = ACCEPTED.iter().any(|name| path.ends_with(name));
            accepted.extend((!is_known && validator.is_valid(&file)).then_some(path));
        }
    }
    assert!(looked > 20, "{looked}");
    assert!(accepted.is_empty(), "{accepted:?}");
}

#[test]
fn shipped_files_and_the_shop_of_the_examples_are_accepted() {
    for text in shipped::ALL.iter().map(|shipped| shipped.text).chain([SHOP]) {
        assert!(accepts(&serde_json::from_str(text).expect("it is JSON")), "{text:.100}");
    }
}

#[test]
fn checks_have_a_pattern() {
    let mut file: Value = serde_json::from_str(SHOP).expect("it is JSON");
    let mut with = |check: &str| {
        file["checks"] = json!({ "visitors": [check] });
        accepts(&file)
    };
    for check in [
        "ok > 99%",
        "p99<=800ms",
        "latency below 50 ms >= 95 %",
        "ok >= 990 requests over 5s..1m30s",
        "goodput within 5% of baseline over after slow-db 15s",
        "recovered within 10s after slow-db",
        "metastable = no",
        "busiest replica utilisation < 90%",
        "usual.breaker.rejected != 0/s over during slow-db",
    ] {
        assert!(with(check), "{check}");
    }
    for check in [
        "ok",
        "> 99%",
        "ok >",
        "ok => 99%",
        "ok > high",
        "goodput within 5 of baseline",
        "recovered after slow-db",
        "metastable = yes",
        "ok > 99% over",
        "",
    ] {
        assert!(!with(check), "{check}");
    }
}

#[test]
fn exactly_one_kind_is_wanted_and_one_version() {
    let mut file: Value = serde_json::from_str(SHOP).expect("it is JSON");
    for (place, value) in [
        ("/version", json!(2)),
        ("/faults/0", json!({ "at": "1s" })),
        (
            "/faults/0",
            json!({ "at": "1s", "crash": { "target": "db" }, "refuse": { "target": "db" } }),
        ),
        ("/load/visitors", json!({ "target": "web" })),
        (
            "/load/visitors",
            json!({ "target": "web", "open": { "poisson": "1/s" }, "closed": { "clients": 1 } }),
        ),
        ("/load/visitors/open", json!({ "poisson": "1/s", "constant": "1/s" })),
        ("/services/db/endpoints/read/0", json!({})),
        ("/services/db/endpoints/read/0", json!({ "compute": "1ms", "call": "bank.take" })),
    ] {
        let kept = file.pointer(place).expect("it is there").clone();
        *file.pointer_mut(place).expect("it is there") = value.clone();
        assert!(!accepts(&file), "{place}: {value}");
        *file.pointer_mut(place).expect("it is there") = kept;
    }
    assert!(accepts(&file));
}
