//! Brooker, *Exponential Backoff and Jitter* (2015): clients change one row by optimistic locking.
//!
//! The expectations are means of 100 runs of an independent program after the post's own: write
//! attempts of all clients together, and the time at which the last of them has succeeded.

use cascadia::result::LoadResult;

use crate::support::{full, mean, runs, scenario};

struct Strategy {
    name: &'static str,
    backoff: &'static str,
    /// Clients, calls, milliseconds.
    expected: [(u32, f64, f64); 3],
}

const STRATEGIES: [Strategy; 5] = [
    Strategy {
        name: "none",
        backoff: r#""none""#,
        expected: [(10, 50.7, 380.0), (50, 690.8, 1_140.0), (100, 2_422.0, 2_026.0)],
    },
    Strategy {
        name: "exponential",
        backoff: r#"{ "exponential": { "base": "10ms", "max": "2s" } }"#,
        expected: [(10, 50.9, 3_472.0), (50, 625.2, 36_577.0), (100, 1_853.0, 63_390.0)],
    },
    Strategy {
        name: "equal jitter",
        backoff: r#"{ "equal_jitter": { "base": "10ms", "max": "2s" } }"#,
        expected: [(10, 42.7, 724.0), (50, 346.9, 4_256.0), (100, 812.2, 6_630.0)],
    },
    Strategy {
        name: "full jitter",
        backoff: r#"{ "full_jitter": { "base": "10ms", "max": "2s" } }"#,
        expected: [(10, 38.9, 460.0), (50, 332.3, 2_915.0), (100, 796.9, 4_953.0)],
    },
    Strategy {
        name: "decorrelated jitter",
        backoff: r#"{ "decorrelated": { "base": "5ms", "max": "2s" } }"#,
        expected: [(10, 37.6, 436.0), (50, 375.0, 2_187.0), (100, 999.0, 4_578.0)],
    },
];

/// Whether a mean of `runs` is what others found as the mean of a hundred, both of which chance has a
/// part in.
fn is_near((found, error): (f64, f64), expected: f64, tolerance: f64, runs: usize) -> bool {
    let chance = error * (1.0 + runs as f64 / 100.0).sqrt();
    (found - expected).abs() <= tolerance * expected + 3.0 * chance
}

#[test]
fn calls_and_times_of_every_strategy_are_those_published() {
    let seeds: Vec<u64> = (1..=if full() { 100 } else { 20 }).collect();
    let shipped = scenario("scenarios/row-contention.json");
    for Strategy { name, backoff, expected } in STRATEGIES {
        let backoff: serde_json::Value = serde_json::from_str(backoff).unwrap();
        let strategy = shipped.set("policies.client.retry.backoff", backoff).unwrap();
        for (clients, calls, millis) in expected {
            let results =
                runs(&strategy.set("load.clients.closed.clients", clients).unwrap(), &seeds);
            let loads = results.iter().map(|run| &run.loads["clients"]);
            let measured = |load: &LoadResult| {
                let last = load.latency_ns.max.expect("everybody succeeds");
                (load.attempts as f64, last as f64 / 1e6)
            };
            let (sent, last): (Vec<f64>, Vec<f64>) = loads.map(measured).unzip();
            for (what, found, expected, tolerance) in
                [("calls", mean(&sent), calls, 0.02), ("ms", mean(&last), millis, 0.05)]
            {
                let near = is_near(found, expected, tolerance, seeds.len());
                assert!(near, "{name}, {clients} clients: {found:?} for {expected} {what}");
            }
        }
    }
}
