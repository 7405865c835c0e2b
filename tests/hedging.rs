//! Dean and Barroso, "The Tail at Scale" (2013): a copy after a delay D adds exactly P(X > D) of load
//! and takes the tail away.

use cascadia::result::RunResult;

use crate::support::{mean, runs, scenario, seeds};

/// Mean of the work and the delay, in milliseconds.
const WORK: f64 = 10.0;

fn hedged(delay: f64) -> Vec<RunResult> {
    let scenario = scenario("tests/theory/hedge.json");
    let delay = format!("{}us", delay * 1e3);
    let scenario = scenario.set("policies.hedged.hedge.delay", delay).unwrap();
    runs(&scenario, &seeds())
}

#[test]
fn a_copy_after_a_delay_adds_exactly_what_is_slower() {
    for delay in [5.0, 20.0, 40.0] {
        let loads = hedged(delay);
        let extra = loads.iter().map(|run| {
            let users = &run.loads["users"];
            users.attempts as f64 / users.offered as f64 - 1.0
        });
        let (measured, error) = mean(&extra.collect::<Vec<_>>());
        let exact = (-delay / WORK).exp();
        let close = (measured - exact).abs() <= (6.0 * error).max(0.002);
        assert!(close, "after {delay} ms: {measured} more, exactly {exact}");
    }
}

/// P(T > t) is e^(-t/m) until the copy is sent and e^(-t/m) · e^(-(t - D)/m) after.
#[test]
fn the_tail_is_that_of_the_better_of_two() {
    let delay = 20.0;
    for (p, exact) in
        [(0.5_f64, WORK * 2.0_f64.ln()), (0.99, (delay + WORK * 100.0_f64.ln()) / 2.0)]
    {
        let results = hedged(delay);
        let measured = results.iter().map(|run| {
            let latency = &run.loads["users"].latency_ns;
            let quantile = if p < 0.9 { latency.p50 } else { latency.p99 };
            quantile.unwrap() as f64 / 1e6
        });
        let (measured, _) = mean(&measured.collect::<Vec<f64>>());
        assert!((measured - exact).abs() < 0.01 * exact, "p{p}: {measured} ms, exactly {exact} ms");
    }
}

/// Dean and Barroso: copies that cancel each other when one begins add less than 1 % of work, and take
/// the median and the tail down.
#[test]
fn tied_copies_add_less_than_a_hundredth_of_work() {
    let results = |variant: &str| {
        runs(&scenario("scenarios/tied-requests.json").variant(variant).unwrap(), &seeds())
    };
    let (tied, once) = (results("tied"), results("once"));
    let of = |results: &[RunResult], figure: &dyn Fn(&RunResult) -> f64| {
        mean(&results.iter().map(figure).collect::<Vec<_>>()).0
    };
    let wasted = of(&tied, &|run| run.services["files"].wasted_share.unwrap());
    assert!(wasted > 0.001 && wasted < 0.01, "{wasted}");
    let p50 = |run: &RunResult| run.loads["reads"].latency_ns.p50.unwrap() as f64;
    let p99 = |run: &RunResult| run.loads["reads"].latency_ns.p99.unwrap() as f64;
    let (median, tail) = (of(&tied, &p50) / of(&once, &p50), of(&tied, &p99) / of(&once, &p99));
    assert!(median < 0.6 && tail < 0.45, "{median} of the median, {tail} of the tail");
}

/// The share of the calls that are sent twice in a storm, and with a budget.
#[test]
fn a_storm_doubles_the_load_for_good_and_a_budget_contains_it() {
    let attempts = |variant: &str| {
        let storm = scenario("scenarios/hedge-storm.json").variant(variant).unwrap();
        let after =
            storm.set("checks.searches", r#"["attempts < 1.06 over after slow 10s"]"#).unwrap();
        let results = runs(&after, &seeds());
        let values = results.iter().map(|run| run.checks[0].measured.unwrap());
        mean(&values.collect::<Vec<_>>()).0
    };
    assert!(attempts("unlimited") > 1.98);
    for variant in ["budget", "adaptive"] {
        let measured = attempts(variant);
        assert!((1.0..=1.06).contains(&measured), "{variant}: {measured}");
    }
}
