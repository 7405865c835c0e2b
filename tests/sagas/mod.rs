//! Sagas are done whole or leave nothing, whatever goes wrong; and whoever breaks one side is found out.

pub(crate) mod world;

use cascadia::Scenario;
use cascadia::result::RunResult;
use rayon::prelude::*;

use self::world::{Kind, file};
use crate::support::full;

/// The seeds; with `CASCADIA_SAGAS=7..9` these.
fn seeds() -> std::ops::Range<u64> {
    let Ok(told) = std::env::var("CASCADIA_SAGAS") else {
        return if full() { 0..10_000 } else { 0..100 };
    };
    let (from, until) = told.split_once("..").expect("a range such as 7..9");
    from.parse().unwrap()..until.parse().unwrap()
}

/// What comes of a world. One alone is printed.
#[expect(clippy::print_stdout, reason = "who asks for one world wants to see it")]
fn run(seed: u64, kind: Kind) -> RunResult {
    let text = serde_json::to_string_pretty(&file(seed, kind)).unwrap();
    if seeds().count() == 1 {
        println!("{text}");
    }
    let scenario = Scenario::parse("sagas", &text);
    let scenario = scenario.unwrap_or_else(|wrong| panic!("{kind:?} {seed}: {wrong}"));
    let run = scenario.run(seed).unwrap_or_else(|wrong| panic!("{kind:?} {seed}: {wrong}"));
    if seeds().count() == 1 {
        println!("{run}");
    }
    run.result().clone()
}

/// Laws that were broken, and sagas that have not ended.
fn wrong(result: &RunResult) -> Vec<String> {
    let broken = result.invariants.iter().filter(|law| !law.passed);
    let broken = broken.map(|law| format!("{}: {}", law.name, law.detail));
    let running = result.series.components["order sagas"].levels["running"].last();
    let left = running.filter(|left| **left > 0).map(|left| format!("{left} sagas have not ended"));
    let rows = &result.components["order sagas"].rows;
    let idle = (rows["started"] == 0).then(|| "nothing was started".to_owned());
    broken.chain(left).chain(idle).collect()
}

#[test]
fn every_saga_is_done_whole_or_leaves_nothing() {
    let wrong: Vec<_> = seeds()
        .into_par_iter()
        .filter_map(|seed| {
            let wrong = wrong(&run(seed, Kind::Once));
            (!wrong.is_empty()).then(|| format!("{seed}: {}", wrong.join("; ")))
        })
        .collect();
    assert!(wrong.is_empty(), "{} worlds:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn who_does_whatever_comes_is_found_out() {
    let orphans = |seed| {
        let result = run(seed, Kind::Careless);
        let broken: Vec<_> = result.invariants.iter().filter(|law| !law.passed).collect();
        assert!(broken.is_empty(), "nothing was promised: {broken:?}");
        let remarks = &result.components["order sagas"].remarks;
        let orphans = result.series.components["order sagas"].levels["orphans"].last();
        let orphans = orphans.copied().unwrap_or_default();
        assert_eq!(orphans > 0, !remarks.is_empty(), "{seed}");
        orphans
    };
    let found = (0..30_u64).into_par_iter().filter(|seed| orphans(*seed) > 0).count();
    assert!(found > 10, "only {found} of 30 worlds left an orphan");
}

#[test]
fn the_same_seed_gives_the_same_digest() {
    for seed in 0..3 {
        let digests = [0, 1].map(|_| run(seed, Kind::Once).digest);
        assert_eq!(digests[0], digests[1], "{seed}");
    }
}
