//! Every code is told of its wrong example and not of its right one.

use cascadia_scenarios::{Options, SHOP, Severity, codes, example, explain, load};

use crate::common;

/// Only who builds a component of one's own refuses its settings, and the command line knows none; and only a file of
/// thousands of services writes too much.
const WITHOUT: [&str; 2] = ["S046", "S064"];
/// What is too large is so in more than one way.
const TOO_LARGE: [&str; 5] = ["S060", "S061", "S062", "S063", "S065"];

/// What is told of an example: codes, and whether one of them is an error.
fn told(example: &str) -> Vec<(&'static str, Severity)> {
    let is_file = example.starts_with(['{', '[']);
    let text = if is_file { example } else { SHOP };
    let mut options = Options::default();
    for line in example.lines().filter(|_| !is_file) {
        match line.strip_prefix("--variant ") {
            Some(name) => options.variant = Some(name.to_owned()),
            None => options.sets.push(line.to_owned()),
        }
    }
    let told = match load(common::source(text), &options) {
        Ok(scenario) => scenario.warnings,
        Err(problems) => problems.diagnostics,
    };
    told.into_iter().map(|one| (one.code, one.severity)).collect()
}

#[test]
fn the_shop_of_the_examples_has_no_fault() {
    assert_eq!(told(""), []);
}

#[test]
fn every_code_is_told_of_its_wrong_example_and_nothing_of_its_right_one() {
    let mut wrong = Vec::new();
    for (code, _) in codes().filter(|(code, _)| !WITHOUT.contains(code)) {
        let Some(example) = example(code) else {
            wrong.push(format!("{code} has no example"));
            continue;
        };
        let (of_wrong, of_right) = (told(example.wrong), told(example.right));
        if !of_wrong.iter().any(|(told, _)| *told == code) {
            wrong.push(format!("{code} is not told of `{}`, but {of_wrong:?}", example.wrong));
        }
        let errors = of_wrong.iter().filter(|(_, severity)| *severity == Severity::Error);
        let is_other =
            |told: &str| told != code && !(TOO_LARGE.contains(&code) && TOO_LARGE.contains(&told));
        if errors.clone().any(|(told, _)| is_other(told)) {
            wrong.push(format!("{code}: of `{}` others are told: {of_wrong:?}", example.wrong));
        }
        if !of_right.is_empty() {
            wrong.push(format!("{code}: of `{}` is told {of_right:?}", example.right));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_explanation_shows_both() {
    let text = explain("S030").expect("it is a code");
    assert!(text.contains("Wrong:\n    services.db.workers=0\n"), "{text}");
    assert!(text.contains("Right:\n    services.db.workers=1\n"), "{text}");
}
