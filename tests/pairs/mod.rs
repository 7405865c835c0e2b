//! Any two layers around one another, over servers of every kind.
//!
//! Every ordered pair either composes, and then leaks nothing however calls end, or is refused by
//! `validate` with a reason. A new layer is an entry in [`layers`].

mod drive;
mod layers;
mod rig;

use cascadia::Scenario;

use self::drive::{Kind, drive};
use self::layers::{Entry, all};
use crate::conformance::bench::in_simulation;

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

const OUTLIER: &[&str] = &[r#"{ "outlier": { "envoy": {} } }"#];

/// The codes of what is wrong with a scenario whose only policy is `outer(inner(service))`.
fn refusals(outer: &[&str], inner: &[&str]) -> Vec<String> {
    let layers = [outer, inner].concat().join(", ");
    let text = format!(
        r#"{{ "version": 1, "name": "pair", "run": {{ "duration": "1s" }},
        "services": {{ "s": {{ "endpoints": {{ "e": [ {{ "compute": "1ms" }} ] }} }} }},
        "policies": {{ "pair": [ {layers} ] }},
        "load": {{ "l": {{ "target": "s.e", "open": {{ "constant": "10/s" }}, "policy": "pair" }} }} }}"#
    );
    match Scenario::parse("pair.json", &text) {
        Ok(_) => Vec::new(),
        Err(invalid) => invalid.codes().map(str::to_owned).collect(),
    }
}

/// The layers that are tried, as a scenario says them.
pub(crate) fn layers() -> impl Iterator<Item = String> {
    all().map(|entry| entry.json.concat())
}

fn pairs() -> impl Iterator<Item = (&'static Entry, &'static Entry)> {
    all().flat_map(|outer| all().map(move |inner| (outer, inner)))
}

#[test]
fn every_pair_is_valid_or_refused_with_a_reason() {
    for (outer, inner) in pairs() {
        let pair = (outer.name, inner.name);
        let refused = REFUSED.iter().filter(|(outer, inner, _)| (*outer, *inner) == pair);
        let codes: Vec<_> = refused.map(|(_, _, code)| *code).collect();
        assert_eq!(refusals(outer.json, inner.json), codes, "{pair:?}");
    }
}

#[test]
fn outlier_detection_without_its_balancer_is_refused() {
    for entry in all() {
        if entry.name != "balance" {
            assert_eq!(refusals(OUTLIER, entry.json), ["S036"], "{}", entry.name);
        }
        assert_eq!(refusals(entry.json, OUTLIER), ["S036"], "{}", entry.name);
    }
}

#[test]
fn every_pair_keeps_its_promises() {
    for (outer, inner) in pairs() {
        for kind in Kind::ALL {
            in_simulation(|bench| drive(bench, outer, inner, kind));
        }
    }
}
