//! One mistake is told once: what follows from it is told to nobody.
//!
//! Into each shipped scenario one mistake of a kind is made at every place where it can be. Whatever is said
//! then is said of that place, and is one error.

use cascadia_scenarios::{Diagnostic, Severity, shipped};
use serde_json::{Value, json};

use crate::common;

/// What a mistake leaves in the text, and nothing else has in it.
const MARK: &str = "zzqzz";

/// A file with a mistake in it: where that is, and by what it is known in the text.
struct Mistake {
    place: String,
    mark: String,
    text: String,
}

/// Every value of a file, by its pointer. What variants would change is left out, as nobody reads it before it
/// is changed.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter().filter(|(key, _)| *key != "set") {
                pointers(value, &format!("{at}/{}", escaped(key)), found);
            }
        }
        Value::Array(items) => {
            let all = items.iter().enumerate();
            all.for_each(|(index, value)| pointers(value, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// The mistakes of a kind that can be made in a file: `make` makes them of the value at a place, with what each
/// leaves in the text.
fn mistakes(file: &Value, make: fn(&str, &Value) -> Vec<(String, Value)>) -> Vec<Mistake> {
    let mut places = Vec::new();
    pointers(file, "", &mut places);
    let wrong = |place: &String| {
        let made = make(place, file.pointer(place).expect("it is there"));
        let with = |(mark, wrong)| {
            let mut file = file.clone();
            *file.pointer_mut(place).expect("it is there") = wrong;
            Mistake { place: place.clone(), mark, text: file.to_string() }
        };
        made.into_iter().map(with).collect::<Vec<_>>()
    };
    places.iter().flat_map(wrong).collect()
}

/// What is wrong about what is told of a mistake, if anything is told: that it is not one error at its place.
fn follow_on(name: &str, mistake: &Mistake) -> Option<Option<String>> {
    let Mistake { place, mark, text } = mistake;
    let problems = common::with(text, &[]).err()?;
    let errors = problems.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    let is_there = |error: &Diagnostic| {
        let label = &error.labels[0];
        text[label.start..label.end].contains(mark)
    };
    let (there, elsewhere): (Vec<_>, Vec<_>) = errors.partition(|error| is_there(error));
    // A name that is another one now is no mistake where it is, but where it is used.
    if there.is_empty() {
        return None;
    }
    let is_once = there.len() == 1 && elsewhere.is_empty();
    Some((!is_once).then(|| format!("{name}{place}:\n{}", common::all(&problems))))
}

/// Holds that each mistake of a kind is told once, where it is, and that so many are told.
fn told_once(least: usize, make: fn(&str, &Value) -> Vec<(String, Value)>) {
    let (mut told, mut wrong) = (0, Vec::new());
    for scenario in shipped::ALL {
        let file: Value = serde_json::from_str(scenario.text).expect("it is JSON");
        let found = mistakes(&file, make);
        let found = found.iter().filter_map(|mistake| follow_on(scenario.name, mistake));
        for found in found {
            told += 1;
            wrong.extend(found);
        }
    }
    let count = wrong.len();
    wrong.truncate(20000);
    assert!(wrong.is_empty(), "{count} of {told} mistakes:\n{}", wrong.join("\n"));
    assert!(told > least, "{told}");
}

/// Links and what is consumed have the names of others, so one that nobody has is wrong besides.
fn unknown_key(place: &str, value: &Value) -> Vec<(String, Value)> {
    let Value::Object(map) = value else { return Vec::new() };
    if place == "/links" || place.ends_with("/consume") {
        return Vec::new();
    }
    let mut map = map.clone();
    map.insert(MARK.to_owned(), json!(MARK));
    vec![(MARK.to_owned(), Value::Object(map))]
}

#[test]
fn an_unknown_key_is_told_once() {
    told_once(900, unknown_key);
}

#[test]
fn a_value_of_the_wrong_type_is_told_once() {
    told_once(1_500, |_, value| match value {
        Value::Object(_) | Value::Array(_) => Vec::new(),
        _ => vec![(MARK.to_owned(), json!([MARK]))],
    });
}

#[test]
fn a_part_of_the_wrong_type_is_told_once() {
    told_once(500, |place, value| match value {
        Value::Object(_) | Value::Array(_) if !place.is_empty() => {
            vec![(MARK.to_owned(), json!(MARK))]
        }
        _ => Vec::new(),
    });
}

#[test]
fn a_string_that_is_misspelt_is_told_once() {
    told_once(1_000, |_, value| match value {
        Value::String(text) => {
            let (text, mark) = (format!("{text}{MARK}"), MARK.to_owned());
            vec![(mark, json!(text))]
        }
        _ => Vec::new(),
    });
}

#[test]
fn a_misspelt_key_is_told_once() {
    told_once(1_000, |_, value| {
        let Value::Object(map) = value else { return Vec::new() };
        let keys = map.keys().filter(|key| key.len() > 3 && key.is_ascii());
        let wrong = keys.map(|key| {
            let (head, tail) = key.split_at(key.len() - 2);
            let swapped: String = tail.chars().rev().collect();
            let slip = format!("{head}{swapped}x");
            let entry = |(other, value): (&String, &Value)| {
                (if other == key { slip.clone() } else { other.clone() }, value.clone())
            };
            (format!("{slip:?}"), Value::Object(map.iter().map(entry).collect()))
        });
        wrong.collect()
    });
}
