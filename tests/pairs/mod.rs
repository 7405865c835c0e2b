//! Any two layers around one another, over servers of every kind.
//!
//! Every ordered pair either composes, and then leaks nothing however calls end, or is refused by
//! `validate` with a reason. A new layer is an entry in [`layers`].

mod drive;
mod layers;
mod rig;

use cascadia::Scenario;

use self::drive::{Kind, drive};
use self::layers::LAYERS;
use crate::conformance::bench::in_simulation;

/// Pairs that a scenario may not have, and the code of the reason; the documentation of
/// `cascadia-patterns` says why.
const REFUSED: [(&str, &str, &str); 1] = [("balance", "balance", "S033")];

/// A scenario whose only policy is `outer(inner(service))`.
fn scenario(outer: &str, inner: &str) -> String {
    format!(
        r#"{{ "version": 1, "name": "pair", "run": {{ "duration": "1s" }},
        "services": {{ "s": {{ "endpoints": {{ "e": [ {{ "compute": "1ms" }} ] }} }} }},
        "policies": {{ "pair": [ {outer}, {inner} ] }},
        "load": {{ "l": {{ "target": "s.e", "open": {{ "constant": "10/s" }}, "policy": "pair" }} }} }}"#
    )
}

#[test]
fn every_pair_is_valid_or_refused_with_a_reason() {
    for outer in LAYERS {
        for inner in LAYERS {
            let pair = (outer.name, inner.name);
            let refused = REFUSED.iter().find(|(outer, inner, _)| (*outer, *inner) == pair);
            let loaded = Scenario::parse("pair.json", &scenario(outer.json, inner.json));
            match (loaded, refused) {
                (Ok(_), None) => {}
                (Err(invalid), Some((_, _, code))) => {
                    assert_eq!(invalid.codes().collect::<Vec<_>>(), [*code], "{pair:?}");
                }
                (Ok(_), Some(_)) => panic!("{pair:?} is not refused"),
                (Err(invalid), None) => panic!("{pair:?}: {invalid}"),
            }
        }
    }
}

#[test]
fn every_pair_that_composes_keeps_its_promises() {
    for outer in LAYERS {
        for inner in LAYERS {
            for kind in Kind::ALL {
                in_simulation(|bench| drive(bench, outer, inner, kind));
            }
        }
    }
}
