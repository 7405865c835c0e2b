//! What the tests share.
#![allow(dead_code, unreachable_pub)]

use cascadia_scenarios::{Diagnostic, Options, Problems, Scenario, Severity, Source, load};

/// A file with everything in it.
pub const VALID: &str = include_str!("../valid.jsonc");

pub fn source(text: &str) -> Source {
    Source { name: "test.json".to_owned(), text: text.to_owned() }
}

pub fn with(text: &str, sets: &[&str]) -> Result<Scenario, Problems> {
    let sets = sets.iter().map(|set| (*set).to_owned()).collect();
    load(source(text), &Options { sets, ..Options::default() })
}

pub fn valid(text: &str, sets: &[&str]) -> Scenario {
    with(text, sets).unwrap_or_else(|problems| panic!("{}", all(&problems)))
}

pub fn codes(text: &str, sets: &[&str]) -> Vec<&'static str> {
    match with(text, sets) {
        Ok(scenario) => scenario.warnings.iter().map(|warning| warning.code).collect(),
        Err(problems) => problems.diagnostics.iter().map(|found| found.code).collect(),
    }
}

pub fn all(problems: &Problems) -> String {
    problems.diagnostics.iter().map(|found| line(found, &problems.sources)).collect()
}

/// `code severity line:col message | labels | help`.
pub fn line(found: &Diagnostic, sources: &[Source]) -> String {
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let places = found.labels.iter().map(|label| {
        let text = &sources[label.source].text;
        let before = &text[..label.start];
        let row = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        assert!(text.is_char_boundary(label.end), "a label splits a character");
        (row, column, &label.text)
    });
    let places: Vec<_> = places.collect();
    let (row, column, _) = places.first().expect("every diagnostic has a place");
    let labels: Vec<String> =
        places.iter().map(|(row, column, text)| format!("{row}:{column} {text}")).collect();
    let help = found.help.as_deref().unwrap_or("-");
    let (code, message) = (found.code, &found.message);
    format!("{code} {severity} {row}:{column} {message} | {} | {help}\n", labels.join("; "))
}
