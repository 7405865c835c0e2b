mod core;
mod world;

use std::time::Duration;

use cascadia_runtime::Stream;

use self::world::{Flaw, World};
use crate::messaging::tests::{cases, run};
use crate::testing::ms;
use crate::two_phase::Decision;

/// Transactions over a network that loses, while the coordinator and participants die.
async fn played(seed: u64, flaw: Flaw) -> Result<[u64; 2], String> {
    let mut draws = Stream::from_seed(seed);
    let world = World::new(seed, 0.4 * draws.unit(), flaw);
    for number in 0..6_u64 {
        // Some are begun twice, as whoever wants them has heard nothing.
        for _ in 0..1 + draws.below(2) {
            world.begin(number);
            tokio::time::sleep(ms(draws.below(150))).await;
        }
        match draws.below(4) {
            0 => world.restart(),
            1 => world.restart_participant(draws.below(3) as usize),
            _ => {}
        }
    }
    world.calm();
    tokio::time::sleep(Duration::from_secs(60)).await;
    world.judge().await
}

#[test]
fn all_commit_or_none_does_whoever_dies() {
    let mut ends = [0; 2];
    for seed in 0..cases(200) {
        let ended = run(played(seed, Flaw::None)).unwrap_or_else(|why| panic!("{seed}: {why}"));
        (0..2).for_each(|at| ends[at] += ended[at]);
    }
    assert!(ends.iter().all(|times| *times > 100), "{ends:?}");
}

/// Worlds of two hundred in which something is wrong.
fn found(flaw: Flaw) -> usize {
    (0..200).filter(|seed| run(played(*seed, flaw)).is_err()).count()
}

/// † Who tells of a commit before it has written that down forgets it, and presumes that it was aborted.
#[test]
fn a_decision_that_is_not_written_down_is_found() {
    assert!(found(Flaw::Forgets) > 5, "{}", found(Flaw::Forgets));
}

/// † Who has voted yes in its memory alone has nothing to commit after a crash.
#[test]
fn a_vote_that_is_not_written_down_is_found() {
    assert!(found(Flaw::VotesInMemory) > 5, "{}", found(Flaw::VotesInMemory));
}

/// † It is what a saga does without.
#[test]
fn while_the_coordinator_is_away_what_is_prepared_stays_locked() {
    run(async {
        let world = World::new(1, 0.0, Flaw::None);
        tokio::time::sleep(ms(20)).await;
        world.stop_before_deciding();
        world.begin(1);
        tokio::time::sleep(ms(50)).await;
        world.stop();
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_secs(10)).await;
            assert_eq!(world.in_doubt().await, 3, "nobody but the coordinator knows");
        }
        world.restart();
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(world.in_doubt().await, 0, "what it had not decided is presumed to be aborted");
        assert_eq!(world.told(1), None);
        world.begin(1);
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(world.told(1), Some(Decision::Commit), "nothing is locked any more");
    });
}
