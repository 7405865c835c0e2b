//! What breaks one side of a saga is found by the worlds in which nothing is found where nothing is broken.

use std::ops::ControlFlow;

use cascadia_models::plan::{Spoil, Spoils};
use cascadia_models::run::simulate;
use cascadia_patterns::store::{Commit, Condition};
use cascadia_scenarios::{Options, Source, load};
use rayon::prelude::*;
use serde_json::Value;

use super::world::{Form, Kind, file};

/// How many worlds are looked at for what is seldom found.
const WORLDS: u64 = 300;

/// What is broken: in the file, or in what stores are told.
#[derive(Default)]
struct Planted {
    file: Option<fn(&mut Value)>,
    participants: Option<fn(&mut Commit)>,
    orchestrators: Option<fn(&mut Commit)>,
}

impl Planted {
    /// The laws that are broken in the world of a seed.
    fn broken(&self, seed: u64) -> Vec<String> {
        let mut file = file(seed, Kind::Once, Form::Driven);
        self.file.iter().for_each(|plant| plant(&mut file));
        let (name, text) = ("world".to_owned(), file.to_string());
        let scenario = load(Source { name, text }, &Options::default()).expect("it is valid");
        let mut plan = scenario.plan;
        plan.seed = seed;
        plan.spoils = Spoils {
            participants: self.participants.map(Spoil::new),
            orchestrators: self.orchestrators.map(Spoil::new),
        };
        let measured = simulate(plan, &mut |_| ControlFlow::Continue(())).expect("it runs");
        let broken = measured.invariants.into_iter().filter(|law| !law.passed);
        broken.map(|law| law.name).collect()
    }

    /// Whether a law is broken in one of the worlds.
    fn is_found(&self, law: &str) -> bool {
        let names = |seed: u64| self.broken(seed).iter().any(|name| name.starts_with(law));
        (0..WORLDS).into_par_iter().any(names)
    }
}

/// The notes of a participant.
fn is_note(key: &[u8]) -> bool {
    key.starts_with(b"known/cmd/")
}

/// The last byte of the key of a note says what was done, and the first behind its seal what has become of it.
fn is_tombstone(key: &[u8], value: Option<&Vec<u8>>) -> bool {
    is_note(key) && key.ends_with(b"d") && value.is_some_and(|value| value.get(5) == Some(&2))
}

/// The row of the latest epoch is named by its saga alone, whose id has sixteen letters.
fn is_fence(key: &[u8]) -> bool {
    is_note(key) && key.len() == b"known/cmd/".len() + 4 + 16
}

#[test]
fn a_missing_tombstone_is_found() {
    let forget = |commit: &mut Commit| {
        commit.writes.retain(|key, value| !is_tombstone(key, value.as_ref()));
    };
    let planted = Planted { participants: Some(forget), ..Planted::default() };
    assert!(planted.is_found("tombstones-hold"), "in none of {WORLDS} worlds");
}

#[test]
fn a_missing_fence_is_found() {
    let forget = |commit: &mut Commit| {
        commit.writes.retain(|key, _| !is_fence(key));
    };
    let planted = Planted { participants: Some(forget), ..Planted::default() };
    assert!(planted.is_found("one-epoch"), "in none of {WORLDS} worlds");
}

#[test]
fn a_broken_compensation_is_found() {
    let broken = |file: &mut Value| {
        let steps = &mut file["services"]["inventory"]["endpoints"]["undo"]["steps"];
        steps.as_array_mut().expect("steps").retain(|step| step["enter"].is_null());
    };
    let planted = Planted { file: Some(broken), ..Planted::default() };
    assert!(planted.is_found("ledgers-conserved"), "in none of {WORLDS} worlds");
}

#[test]
fn an_effect_outside_of_the_transaction_of_its_note_is_found() {
    // Somebody dies between them, now and then.
    let forget = |commit: &mut Commit| {
        let dies = |key: &[u8]| key.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) < 64;
        commit.writes.retain(|key, _| !(is_note(key) && dies(key)));
    };
    let planted = Planted { participants: Some(forget), ..Planted::default() };
    assert!(planted.is_found("all-or-nothing"), "in none of {WORLDS} worlds");
}

#[test]
fn a_lease_that_outlives_the_pause_of_its_holder_is_found() {
    let go_on = |commit: &mut Commit| {
        commit.given.retain(|condition| !matches!(condition, Condition::At(..)));
    };
    let planted = Planted { orchestrators: Some(go_on), ..Planted::default() };
    assert!(planted.is_found("all-or-nothing"), "in none of {WORLDS} worlds");
}

/// Where nothing is planted, nothing is found by the same eyes.
#[test]
fn where_nothing_is_planted_nothing_is_found() {
    let found: Vec<u64> = (0..30)
        .into_par_iter()
        .filter(|seed| !Planted::default().broken(*seed).is_empty())
        .collect();
    assert_eq!(found, [0_u64; 0]);
}
