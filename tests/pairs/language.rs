//! Which pairs a scenario may have.

use cascadia::Scenario;
use serde_json::{Value, json};

use crate::generated::generator::layers::{kinds, stack};

/// Pairs that a scenario may not have, and the code of the reason; the documentation of
/// `cascadia-patterns` says why. Outlier detection comes with the balancer that it goes around.
const REFUSED: [(&str, &str, &str); 6] = [
    ("balance", "balance", "S033"),
    ("balance", "outlier", "S033"),
    ("outlier", "balance", "S033"),
    ("outlier", "outlier", "S033"),
    ("balance", "hedge", "S038"),
    ("outlier", "hedge", "S038"),
];

/// The codes of what is wrong with a scenario whose only policy is `outer(inner(service))`.
fn refusals(outer: &[Value], inner: &[Value]) -> Vec<String> {
    let layers = [outer, inner].concat();
    let scenario = json!({
        "version": 1, "name": "pair", "run": { "duration": "1s" },
        "services": { "s": { "endpoints": { "e": [{ "compute": "1ms" }] } } },
        "policies": { "pair": layers },
        "load": { "l": { "target": "s.e", "open": { "constant": "10/s" }, "policy": "pair" } },
    });
    match Scenario::parse("pair.json", &scenario.to_string()) {
        Ok(_) => Vec::new(),
        Err(invalid) => invalid.codes().map(str::to_owned).collect(),
    }
}

#[test]
fn every_pair_is_valid_or_refused_with_a_reason() {
    for outer in kinds() {
        for inner in kinds() {
            let pair = (outer.name, inner.name);
            let refused = REFUSED.iter().filter(|(outer, inner, _)| (*outer, *inner) == pair);
            let codes: Vec<_> = refused.map(|(_, _, code)| *code).collect();
            assert_eq!(refusals(&stack(outer.name), &stack(inner.name)), codes, "{pair:?}");
        }
    }
}

#[test]
fn outlier_detection_without_its_balancer_is_refused() {
    let outlier = &stack("outlier")[..1];
    for kind in kinds() {
        let other = stack(kind.name);
        if kind.name != "balance" {
            assert_eq!(refusals(outlier, &other), ["S036"], "{}", kind.name);
        }
        assert_eq!(refusals(&other, outlier), ["S036"], "{}", kind.name);
    }
}
