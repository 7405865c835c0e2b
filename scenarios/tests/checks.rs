//! Verdicts on hand-made measurements.

use cascadia_models::measure::Counts;
use cascadia_models::measure::{
    Count, LayerCounters, LoadCounters, ProbeMeasured, ServiceCounters, Tally,
};
use cascadia_scenarios::{CheckOutcome, CheckStatus};

use crate::common::{VALID, valid};

fn load(offered: u64, ok: u64, latencies: impl Iterator<Item = u64>) -> ProbeMeasured {
    let outcomes = [ok, offered - ok, 0, 0, 0, 0];
    let mut counts = Counts::default();
    (counts[Count::Offered], counts[Count::Attempts]) = (offered, offered * 2);
    let mut sent = Tally { counts, outcomes, below: ok / 2, ..Tally::default() };
    latencies.for_each(|latency| sent.ok.record(latency));
    let happened = LoadCounters { counts, outcomes, ..LoadCounters::default() };
    ProbeMeasured::Load { sent: Box::new(sent), happened }
}

/// The outcome of a check on the load, with every probe having measured the same.
fn outcome(check: &str, measured: &ProbeMeasured) -> CheckOutcome {
    let set = format!("checks={{\"shoppers\":[{check:?}]}}");
    let scenario = valid(VALID, &[&set]);
    let probes = vec![measured.clone(); scenario.plan.probes.len()];
    scenario.checks[0].evaluate(&probes, &[])
}

#[test]
fn the_unit_decides_what_is_compared() {
    let measured = load(1000, 990, (0..990).map(|n| n * 1_000_000));
    let passes = |check: &str| outcome(check, &measured).status == CheckStatus::Passed;
    assert!(passes("ok >= 99% over 20s..30s"));
    assert!(passes("goodput == 99/s over 20s..30s"));
    assert!(passes("ok == 990 requests"));
    assert!(passes("failed <= 1%"));
    assert!(passes("attempts == 2"));
    assert!(passes("attempts == 200/s over 20s..30s"));
    assert!(passes("latency below 5ms == 49.5%"));
    assert!(passes("p50 < 505ms"));
    assert!(!passes("p50 < 480ms"));
    assert!(passes("max == 989ms"));
    assert!(passes("offered > 99/s over 20s..30s"));
}

#[test]
fn too_few_samples_decide_nothing() {
    let measured = load(100, 100, 0..100);
    assert_eq!(outcome("p99 < 1ms", &measured).status, CheckStatus::Inconclusive);
    assert_eq!(outcome("p50 < 1ms", &measured).status, CheckStatus::Passed);
    let nothing = load(0, 0, 0..0);
    for check in ["ok > 1%", "mean < 1s", "max < 1s", "attempts < 2", "latency below 1s > 1%"] {
        assert_eq!(outcome(check, &nothing).status, CheckStatus::Inconclusive, "{check}");
    }
}

#[test]
fn a_latency_that_leaves_many_out_says_of_whom_it_is() {
    let of = |ok: u64, check: &str| {
        outcome(check, &load(1000, ok, (0..ok).map(|n| n * 1_000_000))).measured_text
    };
    assert_eq!(of(900, "max < 1s"), "899ms, of the 90% that ended in ok");
    assert!(of(900, "mean < 1s").ends_with(", of the 90% that ended in ok"));
    assert!(of(989, "p50 < 1s").ends_with(", of the 98.9% that ended in ok"));
    assert_eq!(of(990, "max < 1s"), "989ms");
    for check in ["all_max < 1s", "ok > 1%", "latency below 5ms > 1%", "goodput > 1/s"] {
        assert!(!of(900, check).contains("of the"), "{check}");
    }
}

/// Each reason for which a check decides nothing is said, and no other.
#[test]
fn an_inconclusive_check_says_why() {
    let few = load(10, 10, 0..10);
    let many = load(100_000, 100_000, 0..100_000);
    let why = |check: &str, measured: &[ProbeMeasured]| {
        let scenario = valid(VALID, &[&format!("checks={{\"shoppers\":[{check:?}]}}")]);
        let verdict = scenario.checks[0].evaluate(measured, &[]);
        assert_eq!(verdict.status, CheckStatus::Inconclusive, "{check}");
        verdict.measured_text
    };
    let all = |measured: &ProbeMeasured| vec![measured.clone(); 9];
    assert_eq!(why("p99 < 1s", &all(&few)), "too few samples");
    let within = |window: &str| format!("p99 within 5% of baseline over {window}");
    let before = "too few samples before the first fault";
    assert_eq!(why(&within("60s..70s"), &all(&few)), before);
    let during = [vec![many.clone(); 5], vec![few]].concat();
    assert_eq!(why(&within("60s..70s"), &during), "too few samples in a window of 5s");
}

/// 500 requests are offered in each window of 5 s, and 2,000 before the first fault.
fn within(ok: [u64; 2]) -> CheckOutcome {
    let set = "checks={\"shoppers\":[\"goodput within 5% of baseline over 60s..73s\"]}";
    let scenario = valid(VALID, &[set]);
    assert_eq!(scenario.plan.probes.len(), 4);
    let at = |offered, ok| load(offered, ok, 0..0);
    let [one, other] = ok;
    let probes = [at(2000, 2000), at(1000, one + other), at(500, one), at(500, other)];
    assert_eq!(scenario.checks[0].evaluate(&[], &[]).status, CheckStatus::Inconclusive);
    scenario.checks[0].evaluate(&probes, &[])
}

#[test]
fn the_window_that_is_least_likely_decides_and_says_what_it_is_held_against() {
    let verdict = within([500, 480]);
    assert_eq!(verdict.status, CheckStatus::Passed);
    let verdict = within([350, 480]);
    let text = "70/s, where 80.8/s to 121/s is let pass";
    assert_eq!((verdict.status, &*verdict.measured_text), (CheckStatus::Failed, text));
    assert_eq!((verdict.measured, verdict.bound), (Some(70.0), 80.8));
    assert_eq!(verdict.bound_text, "within 5% of 100/s");
    assert_eq!((verdict.start_ns, verdict.end_ns), (60_000_000_000, 65_000_000_000));
    let verdict = within([415, 415]);
    assert_eq!(verdict.status, CheckStatus::Failed);
    assert_eq!((verdict.start_ns, verdict.end_ns), (60_000_000_000, 70_000_000_000));
    let verdict = within([450, 450]);
    assert_eq!(verdict.status, CheckStatus::Inconclusive, "a tenth less in 1,000 requests");
    assert!(verdict.measured_text.starts_with("too little to tell it from chance: "));
}

#[test]
fn rounding_does_not_hide_a_failure() {
    let verdict = outcome("ok == 100%", &load(1_000_000, 999_999, 0..0));
    assert_eq!((verdict.status, &*verdict.measured_text), (CheckStatus::Failed, "99.9999%"));
    assert_eq!(verdict.bound_text, "== 100%");
}

#[test]
fn services_have_metrics_of_their_own() {
    let counters = ServiceCounters {
        started: 10,
        wait: 50_000_000,
        in_service: 5,
        capacity: 10,
        waiting: 220_000_000_000,
        ..ServiceCounters::default()
    };
    let measured = ProbeMeasured::Service(counters);
    let passes = |check: &str| outcome(check, &measured).status == CheckStatus::Passed;
    assert!(passes("db.utilisation == 50%"));
    assert!(passes("db.queue == 2"));
    assert!(passes("db.wait == 5ms"));
    assert_eq!(outcome("db.wasted < 1%", &measured).status, CheckStatus::Inconclusive);
}

#[test]
fn layers_of_policies_have_metrics_of_their_own() {
    let counters = LayerCounters { rejected: 20, timed_out: 3, retried: 7, denied: 0 };
    let measured = ProbeMeasured::Layer(counters);
    let passes = |check: &str| outcome(check, &measured).status == CheckStatus::Passed;
    assert!(passes("standard.breaker.rejected == 2/s over 20s..30s"));
    assert!(passes("standard.breaker.rejected == 20"));
    assert!(passes("standard[4].timeout.timed_out == 3"));
    assert!(passes("standard.retry.retried < 8"));
    assert!(passes("standard.retry.denied == 0/s"));
}

/// A name may be the beginning of another, and end as a wait does.
#[test]
fn a_window_is_that_of_the_fault_that_is_written() {
    let fault = |name: &str, at: u64| {
        let slow = r#"{"target":"db","factor":2}"#;
        format!(r#"{{"name":{name:?},"at":"{at}s","for":"10s","slow":{slow}}}"#)
    };
    let faults = [("db-slow", 20), ("db-slow again", 40), ("db-slow again 5s", 60)];
    let faults: Vec<String> = faults.iter().map(|(name, at)| fault(name, *at)).collect();
    let faults = format!("faults=[{}]", faults.join(","));
    for (window, start, end) in [
        ("during db-slow", 20, 30),
        ("during db-slow again", 40, 50),
        ("during db-slow again 5s", 60, 70),
        ("after db-slow", 30, 120),
        ("after db-slow 5s", 35, 120),
        ("after db-slow again", 50, 120),
        ("after db-slow again 6s", 56, 120),
        ("after db-slow again 5s", 70, 120),
        ("after db-slow again 5s 5s", 75, 120),
    ] {
        let check = format!(r#"checks={{"shoppers":["ok > 1% over {window}"]}}"#);
        let scenario = valid(VALID, &[&faults, &check]);
        let probes = vec![load(1, 1, 0..1); scenario.plan.probes.len()];
        let found = scenario.checks[0].evaluate(&probes, &[]);
        let seconds = |ns: u64| ns / 1_000_000_000;
        assert_eq!((seconds(found.start_ns), seconds(found.end_ns)), (start, end), "{window}");
    }
}

#[test]
fn probes_are_shared() {
    let set = "checks={\"shoppers\":[\"ok > 1%\",\"p99 < 1s\",\"latency below 1s > 1%\"]}";
    assert_eq!(valid(VALID, &[set]).plan.probes.len(), 2);
}

#[test]
fn a_simulated_plan_can_be_judged() {
    let scenario = valid(VALID, &["load.shoppers.open.poisson=50/s"]);
    let mut watch = |_| std::ops::ControlFlow::Continue(());
    let measured = cascadia_models::run::simulate(scenario.plan.clone(), &mut watch);
    let measured = measured.expect("it runs");
    assert_eq!(measured.probes.len(), scenario.plan.probes.len());
    let status = |text: &str| {
        let check = scenario.checks.iter().find(|check| check.expression() == text);
        check.expect("it is in the file").evaluate(&measured.probes, &[]).status
    };
    assert_eq!(status("ok > 99% over 60s..120s"), CheckStatus::Passed);
    assert_eq!(status("goodput >= 1000/s"), CheckStatus::Failed);
    assert_eq!(status("utilisation < 90%"), CheckStatus::Passed);
}
