//! Linkerd, "Beyond round robin" (2016): one of eleven replicas is ten times slower for 30 s.

use cascadia::result::RunResult;

use crate::support::{full, mean, runs, scenario, seeds};

/// Share of the offered requests answered under a second.
fn under_a_second(run: &RunResult) -> f64 {
    let check = &run.checks[0];
    assert_eq!(check.expression, "latency below 1s > 99%");
    check.measured.unwrap()
}

/// A quantile in milliseconds, from the histogram.
fn quantile(run: &RunResult, p: f64) -> f64 {
    let bins = &run.loads["client"].histogram;
    let total: u64 = bins.iter().map(|[.., count]| count).sum();
    let mut rank = p * total as f64;
    for [low, high, count] in bins {
        if rank <= *count as f64 {
            return (*low as f64 + (high - low) as f64 * rank / *count as f64) / 1e6;
        }
        rank -= *count as f64;
    }
    unreachable!("the rank is in a bin")
}

const QUANTILES: [f64; 5] = [0.97, 0.98, 0.99, 0.999, 0.9999];

fn assert_row(variant: &str, share: f64, quantiles: [f64; 5]) {
    let scenario = scenario("scenarios/sick-replica.json").variant(variant).unwrap();
    let results = runs(&scenario, &seeds());
    let shares: Vec<f64> = results.iter().map(under_a_second).collect();
    let (measured, _) = mean(&shares);
    assert!((measured - share).abs() <= 0.000_1, "{variant}: {measured}, expected {share}");
    for (p, expected) in QUANTILES.into_iter().zip(quantiles) {
        let values: Vec<f64> = results.iter().map(|run| quantile(run, p)).collect();
        let (measured, _) = mean(&values);
        let tolerance = if full() { 0.02 } else { 0.03 };
        let close = (measured - expected).abs() <= tolerance * expected;
        assert!(close, "{variant} p{}: {measured}, expected {expected}", p * 100.0);
    }
}

#[test]
fn round_robin_sends_an_eleventh_to_the_sick_one() {
    assert_row("round_robin", 0.954_53, [1668.0, 1682.0, 1715.0, 1890.0, 1975.0]);
}

#[test]
fn the_less_loaded_of_two_avoids_it() {
    assert_row("p2c", 0.994_13, [189.0, 191.0, 197.0, 1739.0, 1904.0]);
}
