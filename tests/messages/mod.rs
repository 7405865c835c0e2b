//! What is promised of messages holds whatever goes wrong.

mod own;
mod replicas;
mod requests;
pub(crate) mod world;

use cascadia::Scenario;
use cascadia::result::RunResult;
use rayon::prelude::*;

use self::world::{Generator, Kind};
use crate::support::full;

/// The seeds; with `CASCADIA_MESSAGES=7..9` these.
fn seeds() -> std::ops::Range<u64> {
    let Ok(told) = std::env::var("CASCADIA_MESSAGES") else {
        return if full() { 0..10_000 } else { 0..150 };
    };
    let (from, until) = told.split_once("..").expect("a range such as 7..9");
    from.parse().unwrap()..until.parse().unwrap()
}

/// What comes of a world. One alone is printed.
#[expect(clippy::print_stdout, reason = "who asks for one world wants to see it")]
fn run(seed: u64, kind: Kind) -> RunResult {
    let file = Generator::new(seed, kind).file();
    let text = serde_json::to_string_pretty(&file).unwrap();
    if seeds().count() == 1 {
        println!("{text}");
    }
    let scenario = Scenario::parse("messages", &text);
    let scenario = scenario.unwrap_or_else(|wrong| panic!("{kind:?} {seed}: {wrong}"));
    let run = scenario.run(seed).unwrap_or_else(|wrong| panic!("{kind:?} {seed}: {wrong}"));
    if seeds().count() == 1 {
        println!("{run}");
    }
    run.result().clone()
}

/// Laws that were broken, and messages that were left.
fn wrong(result: &RunResult) -> Vec<String> {
    let broken = result.invariants.iter().filter(|law| !law.passed);
    let broken = broken.map(|law| format!("{}: {}", law.name, law.detail));
    let series = result.series.components.iter();
    let left = series.filter_map(|(name, series)| {
        let lag = *series.levels.get("lag")?.last()?;
        (lag > 0).then(|| format!("{name}: {lag} messages left"))
    });
    broken.chain(left).collect()
}

fn promised(kind: Kind) {
    let wrong: Vec<_> = seeds()
        .into_par_iter()
        .filter_map(|seed| {
            let wrong = wrong(&run(seed, kind));
            (!wrong.is_empty()).then(|| format!("{kind:?} {seed}: {}", wrong.join("; ")))
        })
        .collect();
    assert!(wrong.is_empty(), "{} worlds:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nothing_that_was_confirmed_is_lost() {
    promised(Kind::AtLeastOnce);
}

#[test]
fn nothing_that_is_acknowledged_before_is_done_twice() {
    promised(Kind::AtMostOnce);
}

#[test]
fn no_request_is_forgotten() {
    promised(Kind::Requests);
}

#[test]
fn a_broker_that_syncs_too_late_is_found_out() {
    let losses = |seed| {
        let result = run(seed, Kind::Careless);
        result.components["bus.orders desk0"].rows["lost"]
    };
    let lost = (0..60_u64).into_par_iter().filter(|seed| losses(*seed) > 0).count();
    assert!(lost > 3, "only {lost} of 60 worlds lost something");
}

/// Laws are only of what is promised.
#[test]
fn what_follows_from_any_settings_is_kept() {
    let broken = |seed| {
        let result = run(seed, Kind::Anything);
        let broken = result.invariants.iter().filter(|law| !law.passed);
        let broken: Vec<_> =
            broken.map(|law| format!("{seed}: {}: {}", law.name, law.detail)).collect();
        (!broken.is_empty()).then(|| broken.join("; "))
    };
    let broken: Vec<_> = seeds().into_par_iter().filter_map(broken).collect();
    assert!(broken.is_empty(), "{} worlds:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn the_same_seed_gives_the_same_digest() {
    for seed in 0..5 {
        let digests = [0, 1].map(|_| run(seed, Kind::AtLeastOnce).digest);
        assert_eq!(digests[0], digests[1], "{seed}");
    }
}
