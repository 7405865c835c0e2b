//! A retry storm is metastable, and a budget, a breaker or restraint prevents it.

use cascadia::Scenario;
use cascadia::result::{OutcomeKind, RunResult};

use crate::support::{runs, scenario, seeds};

const WINDOW: u64 = 5_000_000_000;
const FAULT_START: u64 = 30_000_000_000;
const FAULT_END: u64 = 40_000_000_000;
const END: u64 = 120_000_000_000;

/// Goodput between two instants, in requests a second.
fn goodput(run: &RunResult, from: u64, until: u64) -> f64 {
    let series = &run.series;
    let windows = &series.loads["shoppers"].outcomes[&OutcomeKind::Ok];
    let index = |at: u64| ((at - series.start_ns) / series.window_ns) as usize;
    let ok: u64 = windows[index(from)..index(until)].iter().sum();
    ok as f64 * 1e9 / (until - from) as f64
}

/// Goodput of each whole window from `from` on, as a share of that before the fault.
fn shares(run: &RunResult, from: u64) -> Vec<f64> {
    let baseline = goodput(run, run.warmup_ns, FAULT_START);
    let starts = (from..=END - WINDOW).step_by(WINDOW as usize);
    starts.map(|start| goodput(run, start, start + WINDOW) / baseline).collect()
}

/// Asserts that `holds` for at least nine tenths of the seeds.
fn assert_most(scenario: &Scenario, what: &str, holds: impl Fn(&RunResult) -> bool) {
    let results = runs(scenario, &seeds());
    let good = results.iter().filter(|run| holds(run)).count();
    assert!(good * 10 >= results.len() * 9, "{what}: only {good} of {}", results.len());
}

fn storm() -> Scenario {
    scenario("scenarios/retry-storm.json")
}

fn collapsed(run: &RunResult) -> bool {
    let shares = shares(run, FAULT_END + WINDOW);
    shares.len() == 15 && shares.iter().all(|share| *share < 0.5)
}

fn recovered(run: &RunResult) -> bool {
    let shares = shares(run, FAULT_END + 3 * WINDOW);
    shares.len() == 13 && shares.iter().all(|share| (share - 1.0).abs() <= 0.05)
}

#[test]
fn naive_retries_stay_collapsed() {
    let naive = storm().variant("naive").unwrap();
    assert_most(&naive, "naive", collapsed);
    for rate in ["1000/s", "1300/s"] {
        let scenario = naive.set("load.shoppers.open.poisson", rate).unwrap();
        assert_most(&scenario, rate, collapsed);
    }
    for factor in [5, 20] {
        let scenario = naive.set("faults[0].slow.factor", factor).unwrap();
        assert_most(&scenario, &format!("factor {factor}"), collapsed);
    }
}

#[test]
fn a_budget_a_breaker_or_one_try_recovers() {
    for variant in ["budget", "breaker", "no-retry"] {
        assert_most(&storm().variant(variant).unwrap(), variant, recovered);
    }
}

#[test]
fn the_cause_is_wasted_work() {
    let naive = storm().variant("naive").unwrap();
    let skipping = naive.set("services.db.on_cancel", "skip_queued").unwrap();
    assert_most(&skipping, "skipping abandoned work", |run| {
        shares(run, FAULT_END + 6 * WINDOW).iter().all(|share| *share > 0.9)
    });
    let wasted = |scenario: &Scenario| {
        scenario.run(1).unwrap().result().services["db"].wasted_share.unwrap()
    };
    assert!(wasted(&naive) > 0.5, "{}", wasted(&naive));
    assert!(wasted(&skipping) < 0.2, "{}", wasted(&skipping));
}
