//! Worlds with edits that know the language. Unlike what is drawn, they need not be legal: they are refused, or
//! they keep their laws, need no more than their bill by far, and the file that their result shows does the same again.

mod edit;

use cascadia::Scenario;
use cascadia_runtime::{Identity, Stream};
use serde_json::Value;

pub(crate) use self::edit::Edit;
use self::edit::edit;
use super::generator;
use crate::messages::world as messages;
use crate::sagas::world as sagas;
use crate::support::{broken, hold};

/// What costs more is not run: it would only be slow.
const MOST_EVENTS: f64 = 200_000.0;
/// So many times its bill would be a bomb. An edited world may be odd enough for a bill to be wrong by less.
const BOMB: f64 = 10.0;

/// A world of calls, of messages, of requests by messages, or of sagas.
fn world(seed: u64) -> Value {
    match seed % 4 {
        0 => generator::scenario(seed),
        1 => messages::Generator::new(seed, messages::Kind::Anything).file(),
        2 => messages::Generator::new(seed, messages::Kind::Requests).file(),
        _ => {
            let forms = [sagas::Form::Driven, sagas::Form::ByEvents, sagas::Form::Together];
            sagas::file(seed, sagas::Kind::Careless, forms[seed as usize / 4 % forms.len()])
        }
    }
}

/// A world that was edited.
fn file(seed: u64, edits: &[Edit]) -> Value {
    let mut file = world(seed);
    edits.iter().for_each(|change| edit(&mut file, *change, world));
    file
}

/// What is wrong with it.
pub(crate) fn wrong(seed: u64, edits: &[Edit]) -> Vec<String> {
    let file = file(seed, edits);
    let Ok(scenario) = Scenario::parse("edited.json", &file.to_string()) else { return Vec::new() };
    if scenario.bill().events.total > MOST_EVENTS {
        return Vec::new();
    }
    // Time may stand still, or there may be no room for all that waits.
    let Ok(run) = scenario.run(seed) else { return Vec::new() };
    let result = run.result();
    let mut wrong = broken(result);
    let (events, billed) = (result.events as f64, scenario.bill().events.total);
    wrong.extend((events > BOMB * billed).then(|| format!("{events} events, of {billed} billed")));
    let again = Scenario::forced("again.json", &result.resolved).map(|again| again.run(seed));
    match again {
        Ok(Ok(again)) if again.result().digest == result.digest => {}
        Ok(Ok(_)) => wrong.push("the file of its result gives another one".to_owned()),
        Ok(Err(error)) => wrong.push(format!("the file of its result does not run: {error}")),
        Err(invalid) => wrong.push(format!("the file of its result is refused: {invalid}")),
    }
    wrong
}

/// The edits that fall to a seed: one to four.
fn drawn(seed: u64) -> Vec<Edit> {
    let mut stream = Stream::new(seed, Identity::new("edits"), 0);
    let mut any = |below| stream.below(below);
    let count = 1 + any(4);
    let edit = |_| (any(4) as u8, any(1 << 16) as u16, any(1 << 16) as u16, any(1 << 16) as u16);
    (0..count).map(edit).collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "who asks for one world wants to see it")]
fn one_is_refused_or_keeps_its_laws() {
    let seeds = crate::support::drawn("CASCADIA_EDITED", 300, 20_000);
    if let [seed] = seeds.clone().take(2).collect::<Vec<_>>()[..] {
        println!("{:#}", file(seed, &drawn(seed)));
    }
    hold(seeds, "edited", |seed| wrong(seed, &drawn(seed)));
}
