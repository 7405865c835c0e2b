//! What is wrong with a value, in words.

use super::{Shape, vocabulary};
use crate::diagnostics::{Diagnostic, Report};
use crate::nearest::nearest;
use crate::text::{Node, Value};

/// A value of another kind than belongs here.
pub(crate) fn wrong_shape(node: &Node, shape: Shape, report: &mut Report) {
    let message = format!("{} is given where {} belongs", node.kind(), shape.belongs());
    let diagnostic = Diagnostic::error("S004", message).at(node.span, "this has the wrong shape");
    report.push(diagnostic.maybe_help(in_shape(node, shape)));
}

/// The same as it would have the right shape, where that is plain.
fn in_shape(node: &Node, shape: Shape) -> Option<String> {
    match (&node.value, shape) {
        (Value::String(text), Shape::Number | Shape::Whole { .. }) => {
            let number = text.trim().parse::<f64>().is_ok();
            number.then(|| format!("write {}, without quotes", text.trim()))
        }
        (Value::String(text), Shape::Flag) => {
            let is = |words: [&str; 4]| words.contains(&text.to_lowercase().as_str());
            let flag = match (is(["true", "yes", "on", "1"]), is(["false", "no", "off", "0"])) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            };
            flag.map(|flag| format!("write {flag}, without quotes"))
        }
        (Value::Object(members), Shape::List(_)) => {
            let first = members.first().map_or("…", |member| &member.key);
            Some(format!("write a list: [ {{ \"{first}\": … }} ]"))
        }
        (_, Shape::Any(def)) => (def.parts)().into_iter().find_map(|shape| in_shape(node, shape)),
        (Value::String(text), Shape::List(_)) if text.len() < 60 => {
            Some(format!("write a list: [ \"{text}\" ]"))
        }
        _ => None,
    }
}

/// A number that cannot stand here.
pub(super) fn out_of_range(node: &Node, number: &str, ends: &str, report: &mut Report) {
    let message = format!("{number} is given where {ends} belongs");
    report.push(Diagnostic::error("S030", message).at(node.span, "out of range"));
}

/// A key that nobody knows, and what was probably meant.
pub(super) fn unknown_key(node: &Node, key: &str, known: &[&'static str], report: &mut Report) {
    if is_not_yet(node, key, report) {
        return;
    }
    let near = nearest_known(key, known);
    let help = match near {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => (!known.is_empty()).then(|| format!("the keys here are {}", known.join(", "))),
    };
    let diagnostic = Diagnostic::error("S005", format!("unknown key `{key}`"))
        .at(node.key_span(key), "not known here");
    report.push(diagnostic.maybe_help(help));
}

/// The known word that was probably meant: what this is called here, or of which it is a slip.
pub(super) fn nearest_known<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    if vocabulary::not_yet(word).is_some() {
        return None;
    }
    let near = || nearest(word, known.iter().copied());
    vocabulary::called_here(word, known).or_else(near)
}

/// A key that must be given and is not.
pub(super) fn missing(node: &Node, key: &str, report: &mut Report) {
    let diagnostic = Diagnostic::error("S006", format!("the key `{key}` is missing"))
        .at(node.span, format!("`{key}` belongs here"));
    report.push(diagnostic.help(format!("add \"{key}\": …")));
}

/// A word that is none of some words, where there are objects of one key besides.
pub(crate) fn unknown_choice<'a>(
    node: &Node,
    name: &str,
    (words, objects): (&[&str], impl Iterator<Item = &'a str>),
    report: &mut Report,
) {
    unknown(node, name, words, objects.map(|key| format!("{{ \"{key}\": … }}")), report);
}

/// A key that is none of some keys, where there are words besides.
pub(super) fn unknown_key_choice<'a>(
    node: &Node,
    name: &str,
    (keys, words): (&[&str], impl Iterator<Item = &'a str>),
    report: &mut Report,
) {
    unknown(node, name, keys, words.map(|word| format!("\"{word}\"")), report);
}

/// It is near to one of those that are written alike, or all are told.
fn unknown(
    node: &Node,
    name: &str,
    alike: &[&str],
    others: impl Iterator<Item = String>,
    report: &mut Report,
) {
    if is_not_yet(node, name, report) {
        return;
    }
    let help = match nearest_known(name, alike) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => {
            let all: Vec<_> = alike.iter().map(|&name| name.to_owned()).chain(others).collect();
            Some(format!("the choices are {}", all.join(", ")))
        }
    };
    let diagnostic = Diagnostic::error("S010", format!("`{name}` is none of the choices here"))
        .at(node.key_span(name), "unknown choice");
    report.push(diagnostic.maybe_help(help));
}

/// Reports what is of the language of others, and not supported yet.
fn is_not_yet(node: &Node, word: &str, report: &mut Report) -> bool {
    let Some(help) = vocabulary::not_yet(word) else { return false };
    let message = format!("`{word}` is not supported yet");
    let diagnostic =
        Diagnostic::error("S011", message).at(node.key_span(word), "not supported yet");
    report.push(diagnostic.maybe_help(help.map(str::to_owned)));
    true
}

/// None or several of some keys, of which `what` has exactly one.
pub(crate) fn not_one(node: &Node, kinds: &[&str], what: &str, report: &mut Report) {
    let list = kinds.join(", ");
    let given: Vec<&str> = kinds.iter().copied().filter(|kind| node.get(kind).is_some()).collect();
    let diagnostic = match given[..] {
        [first, second, ..] => {
            let message = format!("{what} takes exactly one of {list}, not several");
            Diagnostic::error("S009", message)
                .at(node.key_span(second), "and this one")
                .at(node.key_span(first), "this one")
                .help(format!("keep one of `{first}` and `{second}`"))
        }
        _ => Diagnostic::error("S009", format!("{what} needs exactly one of {list}"))
            .at(node.span, "none of them is given"),
    };
    report.push(diagnostic);
}
