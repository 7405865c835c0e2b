//! What is promised of messages holds whatever goes wrong.

mod own;
mod pace;
mod replicas;
mod requests;
mod trouble;
pub(crate) mod world;

use cascadia::result::RunResult;
use rayon::prelude::*;

use self::world::{Generator, Kind};
use crate::support::{Played, broken, drawn, hold, play};

fn seeds() -> std::ops::Range<u64> {
    drawn("CASCADIA_MESSAGES", 150, 10_000)
}

fn played(seed: u64, kind: Kind) -> Played {
    play(seed, kind, &Generator::new(seed, kind).file(), seeds().count() == 1)
}

fn run(seed: u64, kind: Kind) -> RunResult {
    played(seed, kind).result
}

/// Laws that were broken, and messages that nobody does any more. What is still in somebody's hands, or becomes less,
/// has only been too much work for the time.
fn wrong(result: &RunResult) -> Vec<String> {
    let series = result.series.components.iter();
    let left = series.filter_map(|(name, series)| {
        let lags = series.levels.get("lag")?;
        let (lag, before) = (*lags.last()?, lags[lags.len() * 3 / 4]);
        let held = *series.levels.get("in_flight")?.last()?;
        (lag > held && lag >= before).then(|| format!("{name}: {lag} messages left"))
    });
    broken(result).into_iter().chain(left).collect()
}

fn promised(kind: Kind) {
    hold(seeds(), kind, |seed| {
        let Played { result, exceeded } = played(seed, kind);
        wrong(&result).into_iter().chain(exceeded).collect()
    });
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
    hold(seeds(), Kind::Anything, |seed| {
        let Played { result, exceeded } = played(seed, Kind::Anything);
        broken(&result).into_iter().chain(exceeded).collect()
    });
}

#[test]
fn the_same_seed_gives_the_same_digest() {
    for seed in 0..5 {
        let digests = [0, 1].map(|_| run(seed, Kind::AtLeastOnce).digest);
        assert_eq!(digests[0], digests[1], "{seed}");
    }
}
