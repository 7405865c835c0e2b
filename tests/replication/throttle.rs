//! Google SRE book, chapter 21: with K = 2 a server refuses one request for each that it accepts,
//! with K = 1.1 one for ten, however much is asked for.

use crate::support::{mean, runs, scenario, seeds};

/// Requests a second that the server of the scenario can do.
const CAPACITY: f64 = 200.0;

/// K, what is asked for in capacities, and refusals for each accept: 50 clients of an independent
/// simulation, with the values of the book at 3 and 6.
const ROWS: [(f64, f64, f64); 8] = [
    (2.0, 0.8, 0.0),
    (2.0, 1.5, 0.501_31),
    (2.0, 3.0, 0.999_29),
    (2.0, 6.0, 1.001_97),
    (1.1, 0.8, 0.0),
    (1.1, 1.5, 0.097_18),
    (1.1, 3.0, 0.099_61),
    (1.1, 6.0, 0.101_1),
];

#[test]
fn clients_send_k_times_what_is_accepted() {
    let base = scenario("tests/replication/throttle.json");
    for (k, load, expected) in ROWS {
        let rate = format!("{}/s", load * CAPACITY);
        let scenario = base.set("load.clients.open.poisson", rate).unwrap();
        let scenario = scenario.set("policies.client[0].throttle.k", k).unwrap();
        let results = runs(&scenario, &seeds());
        let each = |of: fn(u64, u64) -> f64| {
            let service = results.iter().map(|run| &run.services["server"]);
            let values = service.map(|server| of(server.rejected, server.completions));
            mean(&values.collect::<Vec<f64>>()).0
        };
        let refused = each(|rejected, accepted| rejected as f64 / accepted as f64);
        assert!((refused - expected).abs() <= 0.02, "K {k}, load {load}: {refused}, {expected}");
        let sent = each(|rejected, accepted| (rejected + accepted) as f64) / 200.0;
        let law = load.min(k) * CAPACITY;
        assert!((sent - law).abs() <= 0.02 * law, "K {k}, load {load}: sent {sent}/s, law {law}/s");
    }
}
