//! What runs cost, against what was expected.

use cascadia::result::RunResult;
use cascadia::{Bill, Scenario};
use rayon::prelude::*;
use serde_json::Value;

use crate::messages::world as messages;
use crate::sagas::world as sagas;
use crate::support::drawn;

/// How far a run may exceed its bill.
const MOST: f64 = 1.5;

/// The events of a run, where they are far more than were expected.
pub(super) fn exceeded(bill: &Bill, result: &RunResult) -> Option<String> {
    let (events, billed) = (result.events as f64, bill.events.total);
    (events > MOST * billed).then(|| format!("{events} events, of {billed} on the bill"))
}

fn wrong(file: &Value, seed: u64) -> Option<String> {
    let scenario = Scenario::parse("world", &file.to_string()).unwrap();
    let run = scenario.run(seed).unwrap();
    exceeded(scenario.bill(), run.result())
}

/// Worlds of messages and of sagas, which are redelivered and undone.
#[test]
fn no_world_of_messages_costs_more_than_its_bill() {
    let seeds = drawn("CASCADIA_BILLED", 40, 1_000);
    let worlds = seeds.into_par_iter().flat_map(|seed| {
        let anything = messages::Generator::new(seed, messages::Kind::Anything).file();
        let saga = sagas::file(seed, sagas::Kind::Once);
        [(seed, anything), (seed, saga)]
    });
    let wrong = worlds.filter_map(|(seed, file)| Some((seed, wrong(&file, seed)?)));
    assert_eq!(wrong.collect::<Vec<_>>(), []);
}
