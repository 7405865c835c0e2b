//! The broker in a simulated world: the scenario of `messages.json`, with the digest on.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use cascadia_models::run::simulate;
use cascadia_runtime::Time;
use cascadia_scenarios::{Options, Source, load};

/// Messages in a simulated second.
pub(crate) const RATE: u64 = 50_000;

pub(crate) fn run(messages: u64) -> Option<Duration> {
    let (name, text) = ("messages.json".to_owned(), include_str!("messages.json").to_owned());
    let scenario = load(Source { name, text }, &Options::default()).expect("it is valid");
    let mut plan = scenario.plan;
    plan.duration = Time::from_nanos(messages * 1_000_000_000 / RATE);
    let begun = Instant::now();
    let measured = simulate(plan, &mut |_| ControlFlow::Continue(())).expect("it runs");
    let took = begun.elapsed();
    assert!(measured.digest.events() > messages, "it is all there");
    Some(took)
}
