//! The scenario of `sagas.json`, with the digest on and every law judged.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use cascadia_models::run::simulate;
use cascadia_runtime::Time;
use cascadia_scenarios::{Options, Source, load};

/// Sagas in a simulated second.
pub(crate) const RATE: u64 = 1_000;

pub(crate) fn run(sagas: u64) -> Option<Duration> {
    let (name, text) = ("sagas.json".to_owned(), include_str!("sagas.json").to_owned());
    let scenario = load(Source { name, text }, &Options::default()).expect("it is valid");
    let mut plan = scenario.plan;
    plan.duration = Time::from_nanos(sagas * 1_000_000_000 / RATE);
    let begun = Instant::now();
    let measured = simulate(plan, &mut |_| ControlFlow::Continue(())).expect("it runs");
    let took = begun.elapsed();
    assert!(measured.invariants.iter().all(|law| law.passed), "every law holds");
    Some(took)
}
