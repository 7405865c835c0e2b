//! What the tests of random worlds share, and those that look for inputs.

use std::fmt::Debug;
use std::ops::Range;

use cascadia::result::RunResult;
use cascadia::{Bill, Scenario};
use rayon::prelude::*;
use serde_json::Value;

/// Whether the seed-heavy tests run in full.
pub(crate) fn full() -> bool {
    std::env::var_os("CASCADIA_FULL").is_some_and(|value| value == "1")
}

/// The laws that a run has broken.
pub(crate) fn broken(result: &RunResult) -> Vec<String> {
    let broken = result.invariants.iter().filter(|law| !law.passed);
    broken.map(|law| format!("{}: {}", law.name, law.detail)).collect()
}

/// The seeds of random worlds: so many, in full so many; or as a variable says, such as `17` or `7..9`.
pub(crate) fn drawn(variable: &str, usual: u64, in_full: u64) -> Range<u64> {
    let number = |text: &str| text.trim().parse::<u64>().expect("a seed or a range such as 0..200");
    match std::env::var(variable) {
        Ok(text) => match text.split_once("..") {
            Some((from, until)) => number(from)..number(until),
            None => number(&text)..number(&text) + 1,
        },
        Err(_) => 0..if full() { in_full } else { usual },
    }
}

/// What came of a random world.
pub(crate) struct Played {
    pub(crate) result: RunResult,
    /// What cost far more than its bill says.
    pub(crate) exceeded: Option<String>,
}

/// What comes of a random world, which is shown where somebody wants to see it.
#[expect(clippy::print_stdout, reason = "who asks for one world wants to see it")]
pub(crate) fn play(seed: u64, kind: impl Debug, file: &Value, is_shown: bool) -> Played {
    let text = serde_json::to_string_pretty(file).unwrap();
    if is_shown {
        println!("{text}");
    }
    let scenario = Scenario::parse("world", &text);
    let scenario = scenario.unwrap_or_else(|wrong| panic!("{kind:?} {seed}: {wrong}"));
    let run = scenario.run(seed).unwrap_or_else(|wrong| panic!("{kind:?} {seed}: {wrong}"));
    if is_shown {
        println!("{run}");
    }
    Played { result: run.result().clone(), exceeded: exceeded(scenario.bill(), run.result()) }
}

/// The events of a run, where they are far more than on its bill.
pub(crate) fn exceeded(bill: &Bill, result: &RunResult) -> Option<String> {
    let (events, billed) = (result.events as f64, bill.events.total);
    (events > 1.5 * billed).then(|| format!("{events} events, of {billed} on the bill"))
}

/// Holds that nothing is wrong in any world.
pub(crate) fn hold(
    seeds: Range<u64>,
    kind: impl Debug + Sync,
    wrong: impl Fn(u64) -> Vec<String> + Sync,
) {
    let told = |seed: u64| {
        let wrong = wrong(seed);
        (!wrong.is_empty()).then(|| format!("{kind:?} {seed}: {}", wrong.join("; ")))
    };
    let worlds: Vec<_> = seeds.into_par_iter().filter_map(told).collect();
    assert!(worlds.is_empty(), "{} worlds:\n{}", worlds.len(), worlds.join("\n"));
}
