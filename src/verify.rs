//! Whether a run is the same when it is run again.
//!
//! That one seed gives one run is what everything here rests on, and it may be broken from outside: by a
//! component or a consumer of yours that asks the time, the address of a value or an unordered map. Two runs that
//! agree prove nothing. Two that do not are a find, with the first figure that is another one.

use std::ops::ControlFlow;

use cascadia_models::run::RunError;
use cascadia_reports::json;
use cascadia_reports::result::RunResult;
use cascadia_scenarios::Scenario;

use crate::simulate;
use crate::terminal::interrupted;
use crate::trouble::Trouble;

/// Runs a scenario again, and holds what comes of it against the first run.
pub(crate) fn again(scenario: &Scenario, first: &RunResult) -> Result<(), Trouble> {
    let mut watch = |_| match interrupted() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let (seed, reproduce) = (first.seed, first.reproduce.clone());
    let second = simulate::run(scenario, seed, reproduce, &mut watch);
    let second = second
        .map_err(|error: RunError| Trouble::of_run(&error, &scenario.plan, &first.reproduce))?;
    if first.interrupted || second.result.interrupted {
        return Ok(());
    }
    match difference(first, &second.result) {
        Some(difference) => Err(Trouble::not_deterministic(format!(
            "the second run of seed {seed} is another one: {difference}\n\
             what the scenario runs besides, such as a component or a consumer of yours, goes by something that is \
             not handed to it\nreproduce: {} --verify\n",
            first.reproduce
        ))),
        None => Ok(()),
    }
}

/// The first figure in which two results are not the same.
fn difference(first: &RunResult, second: &RunResult) -> Option<String> {
    let [one, other] = [first, second].map(json::to_json);
    if one == other {
        return None;
    }
    let mut lines = one.lines().zip(other.lines());
    let (one, other) = lines.find(|(one, other)| one != other).unwrap_or(("more", "less"));
    let [one, other] = [one, other].map(|line| line.trim().trim_end_matches(','));
    Some(format!("{one} in the first, {other} in the second"))
}

#[cfg(test)]
mod tests {
    use cascadia_scenarios::{Options, Source, load};

    use super::*;

    const SHOP: &str = r#"{ "version": 1, "name": "shop", "run": { "duration": "2s" },
        "services": { "db": { "endpoints": { "read": [ { "compute": { "exp": { "mean": "5ms" } } } ] } } },
        "load": { "users": { "target": "db.read", "open": { "poisson": "100/s" } } },
        "checks": { "users": [ "ok > 0%" ] } }"#;

    #[test]
    fn a_run_that_is_another_one_is_told_apart() {
        let source = Source { name: "shop.json".to_owned(), text: SHOP.to_owned() };
        let scenario = load(source, &Options::default()).expect("it is valid");
        let run = |seed| {
            let mut watch = |_| ControlFlow::Continue(());
            simulate::run(&scenario, seed, String::new(), &mut watch).expect("it runs").result
        };
        assert!(again(&scenario, &run(1)).is_ok());
        let forged = RunResult { seed: 1, ..run(2) };
        let trouble = again(&scenario, &forged).expect_err("it is that of another seed");
        assert_eq!(trouble.code, crate::exit::NOT_DETERMINISTIC);
        assert!(trouble.text.contains("digest"), "{}", trouble.text);
    }
}
