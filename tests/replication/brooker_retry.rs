//! Brooker, *Fixing retries with token buckets and circuit breakers* (2022).
//!
//! What clients gain by retrying and what servers pay for it, by the share of tries that fail. The
//! expectations are of an independent program after the post; those without a bucket and three
//! retries also have closed forms, 1 - p^(n + 1) and (1 - p^(n + 1)) / (1 - p).

use cascadia::result::OutcomeKind;

use crate::support::{full, mean, runs, scenario};

/// A retry policy of the post, as it is written in a scenario.
struct Policy {
    name: &'static str,
    retry: &'static str,
    /// The share of failing tries, of requests that succeed, and tries for each request.
    expected: [(&'static str, f64, f64); 3],
}

const POLICIES: [Policy; 5] = [
    Policy {
        name: "none",
        retry: r#"{ "attempts": 1, "backoff": "none" }"#,
        expected: [("10%", 0.9, 1.0), ("50%", 0.5, 1.0), ("90%", 0.1, 1.0)],
    },
    Policy {
        name: "three retries",
        retry: r#"{ "attempts": 4, "backoff": "none" }"#,
        expected: [("10%", 0.9999, 1.111), ("50%", 0.9375, 1.875), ("90%", 0.3439, 3.439)],
    },
    Policy {
        name: "a bucket that requests fill",
        retry: r#"{ "attempts": 1000, "backoff": "none", "budget": { "bucket": {} } }"#,
        expected: [("10%", 0.99267, 1.10113), ("50%", 0.57097, 1.14158), ("90%", 0.11523, 1.14298)],
    },
    Policy {
        name: "a bucket that successes fill",
        retry: r#"{ "attempts": 1000, "backoff": "none",
                    "budget": { "bucket": { "on": "success" } } }"#,
        expected: [("10%", 0.99164, 1.10021), ("50%", 0.54909, 1.09725), ("90%", 0.10614, 1.05431)],
    },
    Policy {
        name: "a breaker",
        retry: r#"{ "attempts": 4, "backoff": "none", "budget": { "cumulative": {} } }"#,
        expected: [("10%", 0.92904, 1.03194), ("50%", 0.49907, 1.00004), ("90%", 0.10099, 1.0)],
    },
];

#[test]
fn each_policy_gains_and_costs_what_is_published() {
    let base = scenario("tests/replication/brooker-retry.json");
    let seeds: Vec<u64> = (1..=if full() { 40 } else { 12 }).collect();
    for Policy { name, retry, expected } in POLICIES {
        let retry: serde_json::Value = serde_json::from_str(retry).unwrap();
        let policy = base.set("policies.client.retry", retry).unwrap();
        for (rate, success, load) in expected {
            let results = runs(&policy.set("faults[0].errors.rate", rate).unwrap(), &seeds);
            let clients = results.iter().map(|run| &run.loads["clients"]);
            let share = |count: u64, of: u64| count as f64 / of as f64;
            let (succeeded, sent): (Vec<f64>, Vec<f64>) = clients
                .map(|load| {
                    let ok = load.outcomes[&OutcomeKind::Ok];
                    (share(ok, load.offered), share(load.attempts, load.offered))
                })
                .unzip();
            let (measured, _) = mean(&succeeded);
            assert!((measured - success).abs() <= 0.005, "{name}, {rate}: {measured} succeed");
            let (measured, _) = mean(&sent);
            assert!((measured / load - 1.0).abs() <= 0.01, "{name}, {rate}: {measured} are sent");
        }
    }
}
