//! Sagas are done whole or leave nothing, whatever goes wrong; and whoever breaks one side is found out.

mod language;
mod planted;
pub(crate) mod world;

use cascadia::result::RunResult;
use rayon::prelude::*;

use self::world::{Form, Kind, file};
use crate::support::{Played, broken, drawn, hold, play};

const FORMS: [Form; 3] = [Form::Driven, Form::ByEvents, Form::Together];

fn seeds() -> std::ops::Range<u64> {
    drawn("CASCADIA_SAGAS", 300, 10_000)
}

fn played(seed: u64, kind: Kind, form: Form) -> Played {
    play(seed, kind, &file(seed, kind, form), seeds().count() == 1)
}

fn run(seed: u64, kind: Kind, form: Form) -> RunResult {
    played(seed, kind, form).result
}

/// Laws that were broken, and sagas that have not ended.
fn wrong(result: &RunResult) -> Vec<String> {
    let left = |what: &str| {
        let left = result.series.components["order sagas"].levels[what].last().copied();
        let left = left.filter(|left| *left > 0)?;
        Some(format!("{left} sagas are {what} in the end"))
    };
    // What cannot be taken back is what those are stuck at who are made to go back from behind their pivot.
    let stuck = left("stuck").filter(|_| !result.resolved.contains("\"force\""));
    let left = left("running").into_iter().chain(stuck);
    broken(result).into_iter().chain(left).chain(contradiction(result)).collect()
}

/// What the law of sagas says of their ends, where their figures say something else.
fn contradiction(result: &RunResult) -> Option<String> {
    let law = result.invariants.iter().find(|law| law.name == "all-or-nothing order")?;
    let rows = &result.components["order sagas"].rows;
    let ended = format!("{} completed, {} compensated,", rows["completed"], rows["compensated"]);
    (!law.detail.starts_with(&ended)).then(|| format!("{ended} but the law says {}", law.detail))
}

fn promised(form: Form) {
    hold(seeds(), Kind::Once, |seed| {
        let Played { result, exceeded } = played(seed, Kind::Once, form);
        wrong(&result).into_iter().chain(exceeded).collect()
    });
}

#[test]
fn every_saga_is_done_whole_or_leaves_nothing() {
    promised(Form::Driven);
}

/// What does not happen there is not tried.
#[test]
fn in_the_worlds_sagas_meet_locks_and_wait_and_are_done_together_and_taken_over() {
    let counted = |seed: u64| {
        let file = file(seed, Kind::Once, Form::Driven);
        let steps = &file["sagas"]["order"]["steps"];
        let result = run(seed, Kind::Once, Form::Driven);
        let of = |part: &str, what: &str| result.components.get(part).map_or(0, |it| it.rows[what]);
        [
            u64::from(steps[1]["beside"] == true),
            u64::from(steps[2]["signal"].is_object()),
            of("order locks", "locked"),
            of("order", "taken_over"),
            of("order", "retries"),
            of("order sagas", "completed"),
            of("order sagas", "compensated"),
        ]
    };
    let all: Vec<_> = (0..30).into_par_iter().map(counted).collect();
    for at in 0..7 {
        let worlds = all.iter().filter(|counts| counts[at] > 0).count();
        assert!(worlds >= 5, "number {at} is in {worlds} of 30 worlds");
    }
}

/// In a world now and then nobody is there who could begin any.
#[test]
fn in_most_worlds_of_each_form_sagas_complete_and_go_back() {
    for form in FORMS {
        for end in ["completed", "compensated"] {
            let has =
                |seed: &u64| run(*seed, Kind::Once, form).components["order sagas"].rows[end] > 0;
            let worlds = (0..30).into_par_iter().filter(has).count();
            assert!(worlds >= 15, "{form:?}: in {worlds} of 30 worlds any have {end}");
        }
    }
}

#[test]
fn by_events_every_saga_is_done_whole_or_leaves_nothing_as_well() {
    promised(Form::ByEvents);
}

#[test]
fn together_all_commit_or_none_does_and_nothing_stays_locked() {
    hold(seeds(), Kind::Once, |seed| {
        let result = run(seed, Kind::Once, Form::Together);
        let last = |of: &str, what: &str| result.series.components[of].levels[what].last().copied();
        let doubts = last("order locks", "in_doubt").filter(|left| *left > 0);
        let doubts = doubts.map(|left| format!("{left} branches are in doubt for ever"));
        let orphans = last("order sagas", "orphans").filter(|left| *left > 0);
        let orphans = orphans.map(|left| format!("{left} have not committed everywhere"));
        wrong(&result).into_iter().chain(doubts).chain(orphans).collect()
    });
}

/// Worlds in which something was left half done, of so many.
fn found(kind: Kind, form: Form, worlds: u64) -> usize {
    let orphans = |seed| {
        let result = run(seed, kind, form);
        let broken = broken(&result);
        assert!(broken.is_empty(), "nothing was promised: {broken:?}");
        let remarks = &result.components["order sagas"].remarks;
        let levels = &result.series.components["order sagas"].levels;
        let last = |what: &str| levels[what].last().copied().unwrap_or_default();
        let is_told = remarks.iter().any(|remark| remark.contains("orphan"));
        assert_eq!(last("orphans") > 0, is_told, "{seed}");
        last("orphans") > 0 || last("running") + last("stuck") > 0
    };
    (0..worlds).into_par_iter().filter(|seed| orphans(*seed)).count()
}

#[test]
fn who_does_whatever_comes_is_found_out() {
    // An event comes twice where somebody dies with it, and a command wherever its answer is late.
    for (form, least) in [(Form::Driven, 10), (Form::ByEvents, 3)] {
        let found = found(Kind::Careless, form, 30);
        assert!(found > least, "{form:?}: only {found} of 30 worlds left something half done");
    }
}

#[test]
fn the_same_seed_gives_the_same_digest() {
    for (seed, form) in (0..3).flat_map(|seed| FORMS.map(|form| (seed, form))) {
        let digests = [0, 1].map(|_| run(seed, Kind::Once, form).digest);
        assert_eq!(digests[0], digests[1], "{form:?} {seed}");
    }
}
