//! Whatever breaks, the log is one log; and when nothing breaks any more, it grows.
//!
//! `CASCADIA_RAFT=17` runs the world of one seed, `CASCADIA_RAFT=0..10000` those of many.

use std::ops::Range;

use super::world::{Honest, World};

#[expect(clippy::disallowed_methods, reason = "it asks for more seeds than a usual run has")]
fn seeds() -> Range<u64> {
    let number = |text: &str| text.trim().parse::<u64>().expect("a seed or a range such as 0..200");
    match std::env::var("CASCADIA_RAFT") {
        Ok(text) => match text.split_once("..") {
            Some((from, until)) => number(from)..number(until),
            None => number(&text)..number(&text) + 1,
        },
        Err(_) => 0..300,
    }
}

#[test]
fn the_properties_of_the_paper_hold_in_every_world() {
    for seed in seeds() {
        let mut world = World::new(seed, true, || Box::new(Honest));
        if let Err((property, figures)) = world.run() {
            panic!("seed {seed}: {property} at {:?}: {figures}\n{:?}", world.now, world.plan);
        }
    }
}
