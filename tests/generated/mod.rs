//! Scenarios drawn from seeds, and what must hold of every one of them.
//!
//! A failure names its seeds. `CASCADIA_GENERATED=17` runs that of one seed and prints its file,
//! `CASCADIA_GENERATED=0..5000` runs those of many; without it there are 200, and 5,000 in the
//! full tests. The test has to be run with `--nocapture` for the file to be shown.

mod again;
pub(crate) mod edited;
pub(crate) mod generator;
mod oracle;
mod schema;
mod watch;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::panic::catch_unwind;

use cascadia::result::RunResult;
use cascadia::{Bill, RunError, Scenario};
use rayon::prelude::*;
use serde_json::Value;

use self::generator::layers::DRAWN;
use self::oracle::{Case, Judge, rules};
use self::schema::committed;
use self::watch::AtWork;
use self::world::World;
use crate::messages::world as messages;
use crate::sagas::world as sagas;
use crate::support::{drawn, exceeded};

/// Far more than any scenario should need.
const MOST_EVENTS: u64 = 2_000_000;

/// The seeds that are tried.
fn seeds() -> Range<u64> {
    drawn("CASCADIA_GENERATED", 200, 5_000)
}

fn how_to_print(seed: u64) -> String {
    format!("CASCADIA_GENERATED={seed} cargo test --test main generated -- --nocapture prints it")
}

/// What came of a seed.
#[derive(Default)]
pub(crate) struct Tried {
    /// Rules that looked at it.
    looked: BTreeSet<&'static str>,
    /// Rules that are broken, and the figures.
    pub(crate) broken: Vec<(&'static str, String)>,
}

impl Tried {
    fn breaks(&mut self, rule: &'static str, figures: impl ToString) {
        self.looked.insert(rule);
        self.broken.push((rule, figures.to_string()));
    }
}

pub(crate) fn try_out(seed: u64) -> Tried {
    let _at_work = AtWork::begin(seed);
    let file = generator::scenario(seed);
    let mut tried = Tried::default();
    let text = file.to_string();
    let scenario = match Scenario::parse("generated.json", &text) {
        Ok(scenario) => scenario,
        Err(invalid) => {
            tried.breaks("it is legal", invalid);
            return tried;
        }
    };
    let ran =
        catch_unwind(|| scenario.traced(seed).map(|run| (run.to_string(), run.result().clone())));
    match ran {
        Err(_) => tried.breaks("it does not panic", "the message is above"),
        Ok(Err(RunError::Livelock { .. })) if may_stand_still(&file) => {}
        Ok(Err(error)) => tried.breaks("it runs", error),
        Ok(Ok((_, result))) => {
            judge(&file, scenario.bill(), &result, &mut tried);
            // What a second run shows is no part of the first.
            let reproduce = format!("Scenario::run({seed})");
            let (capture, exemplars) = (None, Vec::new());
            let result = RunResult { capture, exemplars, reproduce, ..result };
            if let Some(difference) = again::by_other_clocks(seed, &file, &result) {
                tried.breaks("no layer goes by the wall clock", difference);
            }
            if let Some((change, difference)) = again::differences(seed, &file, &result) {
                tried.breaks(
                    "what changes nothing changes nothing",
                    format!("{change}: {difference}"),
                );
            }
        }
    }
    tried
}

/// Clients that do not think may be refused at once, for ever.
fn may_stand_still(file: &Value) -> bool {
    World::read(file).loads.values().any(|load| matches!(load.clients, Some((_, false))))
}

fn judge(file: &Value, bill: &Bill, result: &RunResult, tried: &mut Tried) {
    if result.events > MOST_EVENTS {
        tried.breaks("it needs no more events than others", result.events);
    }
    if let Some(events) = exceeded(bill, result) {
        tried.breaks("it costs no more than its bill", events);
    }
    let case = Case::new(file, result);
    for (name, rule) in rules() {
        let mut judge = Judge::default();
        rule(&case, &mut judge);
        if judge.looked > 0 {
            tried.looked.insert(name);
        }
        judge.broken.into_iter().for_each(|figures| tried.breaks(name, figures));
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "shown with --nocapture: the file of a seed")]
fn every_one_is_legal_runs_and_keeps_the_rules() {
    let seeds = seeds();
    if seeds.end == seeds.start + 1 {
        println!("{:#}", generator::scenario(seeds.start));
    }
    let tried: Vec<(u64, Tried)> =
        seeds.clone().into_par_iter().map(|seed| (seed, try_out(seed))).collect();
    let mut broken: BTreeMap<&str, Vec<(u64, &String)>> = BTreeMap::new();
    for (seed, Tried { broken: all, .. }) in &tried {
        for (rule, figures) in all {
            broken.entry(rule).or_default().push((*seed, figures));
        }
    }
    let mut report = String::new();
    for (rule, found) in &broken {
        let mut seeds: Vec<u64> = found.iter().map(|(seed, _)| *seed).collect();
        seeds.dedup();
        let shown: Vec<_> = seeds.iter().take(12).collect();
        report += &format!("{} seeds break \"{rule}\": {shown:?}\n", seeds.len());
        for (seed, figures) in found.iter().take(3) {
            report += &format!("  seed {seed}: {figures}\n");
        }
    }
    if let Some((_, found)) = broken.first_key_value() {
        report += &how_to_print(found[0].0);
    }
    assert!(report.is_empty(), "\n{report}");
    let unlooked: Vec<&str> = rules()
        .map(|(rule, _)| rule)
        .filter(|rule| !tried.iter().any(|(_, tried)| tried.looked.contains(rule)))
        .collect();
    assert!(unlooked.is_empty() || tried.len() < 5_000, "no world is looked at by {unlooked:?}");
}

#[test]
fn whoever_is_drawn_in_a_way_of_its_own_is_a_kind_of_layer() {
    let known: BTreeSet<&str> = committed().layers().map(|(name, _)| name).collect();
    let drawn: Vec<_> = DRAWN.iter().map(|(name, _)| *name).collect();
    assert!(drawn.iter().all(|name| known.contains(name)), "{drawn:?} of {known:?}");
}

#[test]
fn every_part_of_the_language_is_used() {
    let schema = committed();
    let mut files: Vec<Value> = (0..1_500_u64).into_par_iter().map(generator::scenario).collect();
    // What is said and kept by messages, and what is done as a whole, has worlds of its own.
    for kind in [messages::Kind::Anything, messages::Kind::Requests] {
        files.extend((0..200).map(|seed| messages::Generator::new(seed, kind).file()));
    }
    for kind in [sagas::Kind::Once, sagas::Kind::Careless] {
        for form in [sagas::Form::Driven, sagas::Form::ByEvents, sagas::Form::Together] {
            files.extend((0..100).map(|seed| sagas::file(seed, kind, form)));
        }
    }
    let mut used = BTreeSet::new();
    files.iter().for_each(|file| schema.used(file, &mut used));
    let is_for_people = |part: &&String| part.ends_with(".description");
    // The command line knows no kinds of components that a file could have.
    let of_components = [".components", "Component.", "Fault.disk", "BadDisk", "DiskState"];
    let is_of_components = |part: &&String| of_components.iter().any(|of| part.starts_with(of));
    let all = schema.all();
    let unused = all.difference(&used).filter(|part| !is_for_people(part));
    let unused: Vec<_> = unused.filter(|part| !is_of_components(part)).collect();
    assert!(
        unused.is_empty(),
        "no generated scenario uses these; draw them in tests/generated/generator: {unused:#?}"
    );
}
