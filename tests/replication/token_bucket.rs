//! Tokens that are missing from a bucket of size b behave like the customers of M/D/1/b, so a
//! Poisson stream loses to the bucket what it would lose to that queue.

use cascadia::result::OutcomeKind;

use crate::support::{full, mean, runs, scenario, seeds};

/// Arrivals for each token, size of the bucket, share that is refused.
const ROWS: [(f64, u32, f64); 7] = [
    (0.5, 5, 0.002_175_962_57),
    (0.9, 5, 0.064_361_897_2),
    (0.9, 10, 0.016_631_747_8),
    (0.9, 20, 0.001_853_175_68),
    (1.0, 10, 0.050_847_457_6),
    (1.2, 10, 0.170_910_769),
    (2.0, 10, 0.500_000_088),
];

/// The share of a Poisson stream that M/D/1/b loses, from the chain at its departures.
fn loss(load: f64, size: usize) -> f64 {
    let mut poisson = vec![(-load).exp()];
    for k in 1..size {
        poisson.push(poisson[k - 1] * load / k as f64);
    }
    // Weights of 0 to b - 1 customers left behind, relative to none.
    let mut left = vec![1.0];
    for n in 0..size - 1 {
        let mut next = left[n] - left[0] * poisson[n];
        next -= (1..=n).map(|k| left[k] * poisson[n + 1 - k]).sum::<f64>();
        left.push(next / poisson[0]);
    }
    let none = left[0] / left.iter().sum::<f64>();
    1.0 - 1.0 / (none + load)
}

#[test]
fn the_rows_are_those_of_the_chain() {
    for (load, size, expected) in ROWS {
        let exact = loss(load, size as usize);
        assert!((exact - expected).abs() < 1e-6 * expected, "{load} {size}: {exact}");
    }
}

#[test]
fn a_bucket_refuses_what_a_queue_would_lose() {
    let base = scenario("tests/replication/token-bucket.json");
    for kind in ["token_bucket", "gcra"] {
        for (load, burst, expected) in ROWS {
            let algorithm = serde_json::json!({ kind: { "rate": "1000/s", "burst": burst } });
            let rate = format!("{}/s", load * 1_000.0);
            let scenario = base.set("policies.limited.rate_limit.algorithm", algorithm).unwrap();
            let scenario = scenario.set("load.users.open.poisson", rate).unwrap();
            let scenario =
                if full() { scenario } else { scenario.set("run.duration", "30s").unwrap() };
            let refused: Vec<f64> = runs(&scenario, &seeds())
                .iter()
                .map(|run| {
                    let users = &run.loads["users"];
                    1.0 - users.outcomes[&OutcomeKind::Ok] as f64 / users.offered as f64
                })
                .collect();
            let (measured, error) = mean(&refused);
            let tolerance = (0.02 * expected).max(4.0 * error);
            let message = format!("{kind} {load} {burst}: {measured} ± {error}, exact {expected}");
            assert!((measured - expected).abs() <= tolerance, "{message}");
        }
    }
}
