//! From a tree to typed elements, with every shape error at its place.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::codes;
use crate::diagnostics::{Diagnostic, Report};
use crate::nearest::suggestion;
use crate::text::{Node, Value};

/// Packs a code and a help into the message of a serde error.
pub(crate) fn carry(code: &str, message: &str, help: &str) -> String {
    format!("\u{1}{code}\u{1}{message}\u{1}{help}")
}

/// The element that `node` is, or nothing and a report.
pub(crate) fn decode<T: DeserializeOwned>(node: &Node, report: &mut Report) -> Option<T> {
    match serde_path_to_error::deserialize(node.json(false)) {
        Ok(value) => Some(value),
        Err(error) => {
            let (place, key) = follow(node, error.path());
            report.push(translate(place, key.as_deref(), &error.inner().to_string()));
            None
        }
    }
}

/// The node at a path, or the last one on the way and the key that it lacks.
fn follow<'a>(node: &'a Node, path: &Path) -> (&'a Node, Option<String>) {
    let mut place = node;
    for segment in path {
        let next = match segment {
            Segment::Map { key } => place.member(key).map(|member| &member.node),
            Segment::Seq { index } => place.items().get(*index),
            Segment::Enum { variant } => {
                let found = place.member(variant);
                if found.is_none() {
                    continue;
                }
                found.map(|member| &member.node)
            }
            Segment::Unknown => return (place, None),
        };
        match next {
            Some(next) => place = next,
            None => {
                let Segment::Map { key } = segment else { return (place, None) };
                return (place, Some(key.clone()));
            }
        }
    }
    (place, None)
}

fn translate(place: &Node, key: Option<&str>, message: &str) -> Diagnostic {
    if let Some(packed) = message.strip_prefix('\u{1}') {
        let mut parts = packed.splitn(3, '\u{1}');
        let code = codes::intern(parts.next().unwrap_or_default());
        let text = parts.next().unwrap_or_default();
        let help = parts.next().filter(|help| !help.is_empty());
        return Diagnostic::error(code, text)
            .at(place.span, "here")
            .maybe_help(help.map(Into::into));
    }
    if let Some((name, known)) = quoted(message, "unknown field `") {
        return unknown_key(place, &name, &known);
    }
    if let Some((name, known)) = quoted(message, "unknown variant `") {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let span = place.member(&name).map_or(place.span, |member| member.span);
        return Diagnostic::error("S010", format!("`{name}` is none of the choices here"))
            .at(span, "unknown choice")
            .maybe_help(suggestion(&name, known.iter().copied()))
            .maybe_help(nothing_near(&name, &known));
    }
    if let Some((name, _)) = quoted(message, "missing field `") {
        let help = format!("add \"{name}\": …");
        return Diagnostic::error("S006", format!("the key `{name}` is missing"))
            .at(place.span, format!("`{name}` belongs here"))
            .help(help);
    }
    let single = ["map with a single key", "fewer elements in map", "expected enum"];
    if matches!(place.value, Value::Object(_)) && single.iter().any(|part| message.contains(part)) {
        return Diagnostic::error("S009", "exactly one choice belongs here")
            .at(place.span, "not exactly one key")
            .help("give exactly one key, which says which choice it is");
    }
    shape(place, key, message)
}

fn nothing_near(name: &str, known: &[&str]) -> Option<String> {
    let near = crate::nearest::nearest(name, known.iter().copied()).is_some();
    (!near && !known.is_empty()).then(|| format!("the choices are {}", known.join(", ")))
}

fn shape(place: &Node, key: Option<&str>, message: &str) -> Diagnostic {
    let expected = message.split_once("expected ").map(|(_, rest)| rest);
    let text = match expected {
        Some(expected) => format!("{} is given where {} belongs", place.kind(), plain(expected)),
        None => message.to_owned(),
    };
    let span = key.map_or(place.span, |key| place.key_span(key));
    let remark = match place.value {
        Value::Number(_) if message.starts_with("invalid value") => "out of range",
        _ => "this has the wrong shape",
    };
    Diagnostic::error("S004", text).at(span, remark)
}

fn plain(expected: &str) -> String {
    let words = match expected {
        "u16" | "u32" | "u64" | "usize" => "a whole number from 0 on",
        "f64" => "a number",
        "a string" => "a string",
        "a map" => "an object",
        "a sequence" => "a list",
        "a boolean" => "true or false",
        other if other.starts_with("struct ") => "an object",
        other if other.contains("enum") => "one of its choices",
        other => other,
    };
    words.to_owned()
}

/// The report of a key that nobody knows.
pub(crate) fn unknown_key(place: &Node, name: &str, known: &[String]) -> Diagnostic {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let near = suggestion(name, names.iter().copied());
    let all = (!names.is_empty()).then(|| format!("the keys here are {}", names.join(", ")));
    let help = match near {
        Some(near) if near.starts_with("did") => Some(near),
        _ => all,
    };
    Diagnostic::error("S005", format!("unknown key `{name}`"))
        .at(place.key_span(name), "not known here")
        .maybe_help(help)
}

/// The first name in backticks after `prefix`, and all the names after it.
fn quoted(message: &str, prefix: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix(prefix)?;
    let end = ["`, expected", "`, there are no"].iter().find_map(|mark| rest.rfind(mark));
    let end = end.or_else(|| rest.rfind('`'))?;
    let known = rest[end + 1..].split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Some((rest[..end].to_owned(), known))
}

/// Whether exactly one of `kinds` is given; if not, a report.
pub(crate) fn exactly_one(node: &Node, kinds: &[&str], what: &str, report: &mut Report) -> bool {
    let given: Vec<&str> = kinds.iter().copied().filter(|kind| node.get(kind).is_some()).collect();
    let list = kinds.join(", ");
    match given[..] {
        [_] => return true,
        [] => {
            // A misspelt kind is reported as an unknown key.
            let diagnostic =
                Diagnostic::error("S009", format!("{what} needs exactly one of {list}"))
                    .at(node.span, "none of them is given");
            report.push(diagnostic);
        }
        [first, second, ..] => {
            let message = format!("{what} takes exactly one of {list}, not several");
            let diagnostic = Diagnostic::error("S009", message)
                .at(node.key_span(second), "and this one")
                .at(node.key_span(first), "this one");
            report.push(diagnostic.help(format!("keep one of `{first}` and `{second}`")));
        }
    }
    false
}

/// Reports the first key of `node` that is only planned.
pub(crate) fn not_yet(node: &Node, later: &[&str], report: &mut Report) -> bool {
    let Some(member) = node.members().iter().find(|member| later.contains(&&*member.key)) else {
        return false;
    };
    let message = format!("`{}` is not supported yet", member.key);
    report.push(Diagnostic::error("S011", message).at(member.span, "not supported yet"));
    true
}

/// The members of an optional object, sorted; anything else is reported.
pub(crate) fn object_members<'a>(
    node: Option<&'a Node>,
    report: &mut Report,
) -> Vec<&'a crate::text::Member> {
    let Some(node) = node else { return Vec::new() };
    if !matches!(node.value, Value::Object(_)) {
        report.push(shape(node, None, "expected a map"));
    }
    let mut members = node.sorted();
    members.retain(|member| !(member.key == "description" && member.node.text().is_some()));
    members
}

/// The items of an optional list; anything else is reported.
pub(crate) fn list_items<'a>(node: Option<&'a Node>, report: &mut Report) -> &'a [Node] {
    let Some(node) = node else { return &[] };
    if !matches!(node.value, Value::Array(_)) {
        report.push(shape(node, None, "expected a sequence"));
    }
    node.items()
}
