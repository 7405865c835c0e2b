//! Bailis et al., *Probabilistically Bounded Staleness for Practical Partial Quorums* (VLDB 2012): how
//! often a read after a write finds what was written, by how many replicas answer and how long it waits.
//!
//! The expectations are of an independent program of the paper's model WARS with the laws of its table 3;
//! the paper's own t-visibility is 7 to 15 % below the exact one.

use cascadia::Scenario;
use serde_json::json;

use crate::support::{full, mean, runs, scenario, seeds};

/// The shares of reads that are consistent, under each seed.
fn consistent(scenario: &Scenario) -> (f64, f64) {
    let results = runs(scenario, &seeds());
    let stale = results.iter().map(|run| run.services["db"].figures["stale_share"]);
    let shares: Vec<f64> = stale.map(|stale| 1.0 - stale).collect();
    mean(&shares)
}

/// The shipped scenario with quorums of one, whose reads begin `wait` after the write.
fn after(wait: &str) -> Scenario {
    let shipped = scenario("scenarios/quorum-staleness.json");
    let one = json!({ "read": 1, "write": 1 });
    let steps = json!([{ "write": "db" }, { "compute": wait }, { "read": "db" }]);
    let apart = shipped.set("stores.db.keeps.quorum", one).unwrap();
    apart.set("services.app.endpoints[\"write then read\"]", steps).unwrap()
}

fn ssd(scenario: &Scenario) -> Scenario {
    let law = json!({ "mixture": [
        { "weight": 0.9122, "law": { "pareto": { "min": "235us", "shape": 10 } } },
        { "weight": 0.0878, "law": { "exp": { "mean": "602409ns" } } },
    ] });
    scenario.set("stores.db.write", law).unwrap()
}

#[test]
fn a_read_at_once_after_a_write_to_one_disk_is_consistent_as_often_as_published() {
    let (found, _) = consistent(&after("0s"));
    assert!((found - 0.4369).abs() < 0.01, "{found}");
}

/// After that time 99.9 % of reads are consistent: a little before fewer are, and a little after more.
#[test]
fn a_read_is_consistent_after_the_published_time() {
    if !full() {
        return;
    }
    let often = |scenario: &Scenario| scenario.set("load.users.open.poisson", "1000/s").unwrap();
    let disk = |wait: &str| consistent(&often(&after(wait)));
    let ssd = |wait: &str| consistent(&ssd(&often(&after(wait))));
    let ends = [(ssd("1918us"), ssd("2036us")), (disk("50828us"), disk("53972us"))];
    for ((before, early), (later, late)) in ends {
        assert!(before - 2.0 * early < 0.999 && later + 2.0 * late > 0.999, "{before} {later}");
        assert!(before < later, "{before} {later}");
    }
}

#[test]
fn quorums_that_meet_are_never_stale() {
    let shipped = scenario("scenarios/quorum-staleness.json");
    for (read, write) in [(2, 2), (3, 1), (1, 3)] {
        let quorum = json!({ "read": read, "write": write });
        let met = shipped.set("stores.db.keeps.quorum", quorum).unwrap();
        let results = runs(&met, &[1]);
        assert_eq!(results[0].services["db"].figures.get("stale_share"), None, "{read}, {write}");
    }
}
