//! *Site Reliability Engineering* (Google, 2016), chapters 21 and 22: what retries do to a backend.

use cascadia::Scenario;
use serde_json::json;

use crate::support::scenario;

fn chain() -> Scenario {
    scenario("tests/replication/amplification.json")
}

/// Requests that reach the backend for each of the users'.
fn amplification(scenario: &Scenario) -> f64 {
    let run = scenario.run(1).unwrap();
    let result = run.result();
    result.services["backend"].arrivals as f64 / result.loads["users"].offered as f64
}

#[test]
fn four_tries_at_each_of_three_layers_are_sixty_four() {
    assert_eq!(amplification(&chain()), 64.0);
    let nearest = chain().set("policies.again.retry.max_depth", 0).unwrap();
    assert_eq!(amplification(&nearest), 4.0);
}

#[test]
fn three_tries_at_each_of_five_layers_are_two_hundred_and_forty_three() {
    let step = |to: &str| json!({ "get": [{ "call": format!("{to}.get"), "policy": "again" }] });
    let service = |to: &str| json!({ "workers": "unlimited", "endpoints": step(to) });
    let mut deeper = chain().set("policies.again.retry.attempts", 3).unwrap();
    for (path, value) in [
        ("services.d", service("backend")),
        ("services.c", service("d")),
        ("services.b.endpoints", step("c")),
    ] {
        deeper = deeper.set(path, value).unwrap();
    }
    assert_eq!(amplification(&deeper), 243.0);
}

/// One layer of three tries before a backend that refuses a share `p` of them sends
/// (1 - p^3) / (1 - p) for each request, which is just below 3 where it refuses nearly all.
#[test]
fn three_tries_cost_just_below_three_and_a_budget_of_a_tenth_one_and_a_tenth() {
    let one = chain().set("load.users.target", "backend.get").unwrap();
    let one = one.set("policies.again.retry.attempts", 3).unwrap();
    let one = one.set("load.users.open.constant", "1000/s").unwrap();
    for (rate, share) in [("90%", 0.9_f64), ("99%", 0.99)] {
        let measured = amplification(&one.set("faults[0].errors.rate", rate).unwrap());
        let expected = (1.0 - share.powi(3)) / (1.0 - share);
        assert!((measured / expected - 1.0).abs() < 0.01, "{measured}, not {expected}");
    }
    // A budget is a share of the first tries: the same share of all of them would allow 1.111.
    let budget = json!({ "ratio": "10%", "min_per_second": 0 });
    let measured = amplification(&one.set("policies.again.retry.budget", budget).unwrap());
    assert!((measured - 1.1).abs() < 0.001, "{measured}");
}
