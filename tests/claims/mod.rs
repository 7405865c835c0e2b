//! Every sentence that is told of a run is held against its data.
//!
//! A sentence is made from a text of the sources with gaps in it. Each such text has a claim here: what of it must be told of
//! a run, worked out from the result by other means than those that tell it, and in which places. What must be told has to
//! be there, and where the text is there it has to be one of those that must be told. A text without a claim fails a test,
//! and so does one that is not told of three scenarios, or not left out of three others.

mod look;
mod source;
mod sweeps;
mod worlds;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use self::look::{BY, FIXED, claims};
pub(crate) use self::look::{Looked, look};
use crate::shipped::RUNS;
use crate::tidy::sources;

#[test]
fn every_text_of_the_sources_is_held() {
    let others = FIXED.iter().copied().chain(BY.iter().map(|(text, _)| *text));
    let others = others.chain(sweeps::texts());
    let held: BTreeSet<&str> = claims().map(|claim| claim.text).chain(others).collect();
    let made = source::texts();
    let unheld: Vec<_> = made.iter().filter(|(_, text)| !held.contains(&**text)).collect();
    assert!(unheld.is_empty(), "no claim holds {unheld:#?}");
    let made: BTreeSet<&str> = made.iter().map(|(_, text)| &**text).collect();
    let gone: Vec<_> = held.difference(&made).collect();
    assert!(gone.is_empty(), "nothing tells {gone:#?}");
    let sources: String = sources().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let untested = BY.iter().find(|(_, test)| !sources.contains(&format!("fn {test}()")));
    assert_eq!(untested, None, "there is no such test");
}

/// Everything that is looked at, by name.
fn all() -> impl Iterator<Item = (String, &'static Looked)> {
    let shipped = RUNS.iter().map(|ran| (ran.name(), &ran.looked));
    shipped.chain(worlds::LOOKED.iter().map(|(name, looked)| (name.clone(), looked)))
}

#[test]
fn what_is_told_is_so_and_what_is_so_is_told() {
    let wrong = all().filter(|(_, looked)| !looked.wrong.is_empty());
    let wrong: BTreeMap<_, _> = wrong.map(|(name, looked)| (name, &looked.wrong)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_is_told_of_three_scenarios_and_not_of_three_others() {
    let mut few = Vec::new();
    for (at, claim) in claims().enumerate() {
        let told = all().filter(|(_, looked)| looked.told[at]).count();
        let not = all().count() - told;
        if told < 3 || not < 3 && !claim.every || not > 0 && claim.every {
            few.push(format!(
                "told {told} times, not told {not} times: {:?} in {:?}",
                claim.text, claim.places
            ));
        }
    }
    assert!(few.is_empty(), "{few:#?}");
}

#[cfg(not(madsim))]
#[test]
fn what_is_told_of_random_messages_and_sagas_is_so() {
    use crate::messages::world::{Generator, Kind};
    use crate::sagas::world;
    use crate::support::{drawn, hold, play};

    let seeds = || drawn("CASCADIA_CLAIMS", 8, 500);
    hold(seeds(), "messages", |seed| {
        look(&play(seed, "messages", &Generator::new(seed, Kind::Anything).file(), false).result)
            .wrong
    });
    hold(seeds(), "requests", |seed| {
        look(&play(seed, "requests", &Generator::new(seed, Kind::Requests).file(), false).result)
            .wrong
    });
    for form in [world::Form::Driven, world::Form::ByEvents, world::Form::Together] {
        hold(seeds(), form, |seed| {
            let file = world::file(seed, world::Kind::Careless, form);
            look(&play(seed, form, &file, false).result).wrong
        });
    }
}
