//! Sagas are done whole or leave nothing, whatever goes wrong; and whoever breaks one side is found out.

pub(crate) mod world;

use cascadia::result::RunResult;
use rayon::prelude::*;

use self::world::{Kind, file};
use crate::support::{Played, broken, drawn, hold, play};

fn seeds() -> std::ops::Range<u64> {
    drawn("CASCADIA_SAGAS", 100, 10_000)
}

fn played(seed: u64, kind: Kind) -> Played {
    play(seed, kind, &file(seed, kind), seeds().count() == 1)
}

fn run(seed: u64, kind: Kind) -> RunResult {
    played(seed, kind).result
}

/// Laws that were broken, and sagas that have not ended.
fn wrong(result: &RunResult) -> Vec<String> {
    let running = result.series.components["order sagas"].levels["running"].last();
    let left = running.filter(|left| **left > 0).map(|left| format!("{left} sagas have not ended"));
    let rows = &result.components["order sagas"].rows;
    let idle = (rows["started"] == 0).then(|| "nothing was started".to_owned());
    broken(result).into_iter().chain(left).chain(idle).collect()
}

#[test]
fn every_saga_is_done_whole_or_leaves_nothing() {
    hold(seeds(), Kind::Once, |seed| {
        let Played { result, exceeded } = played(seed, Kind::Once);
        wrong(&result).into_iter().chain(exceeded).collect()
    });
}

#[test]
fn who_does_whatever_comes_is_found_out() {
    let orphans = |seed| {
        let result = run(seed, Kind::Careless);
        let broken = broken(&result);
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
