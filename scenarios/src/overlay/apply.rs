use super::path::{Path, Segment};
use crate::diagnostics::{Diagnostic, Report};
use crate::faults::Faults;
use crate::nearest::suggestion;
use crate::text::{Member, Node, Span, Value};

/// Where a part of a path leads from a value.
enum Place {
    /// To the value of a member.
    Member(usize),
    /// To an item of a list.
    Item(usize),
    /// To the value of a member of an item.
    Inside(usize, usize),
}

/// Sets the value at `path`, or removes it if the new value is null.
pub(crate) fn apply(root: &mut Node, path: &Path, span: Span, value: Node, report: &mut Report) {
    let Some((last, way)) = path.0.split_last() else { return };
    let mut node = root;
    for (depth, segment) in way.iter().enumerate() {
        let place = match find(node, segment, span) {
            Ok(Some(place)) => place,
            Ok(None) => {
                report.push(nowhere(node, segment, span, &path.text(depth)));
                return;
            }
            Err(diagnostic) => {
                report.push(*diagnostic);
                return;
            }
        };
        let Some(next) = go(node, &place) else { return };
        node = next;
    }
    let place = match find(node, last, span) {
        Ok(place) => place,
        Err(diagnostic) => {
            report.push(*diagnostic);
            return;
        }
    };
    let removes = matches!(value.value, Value::Null);
    match (place, &mut node.value, last) {
        (Some(place), _, _) if removes => remove(node, &place),
        (Some(place), _, _) => {
            if let Some(old) = go(node, &place) {
                *old = value;
            }
        }
        (None, Value::Object(members), Segment::Key(key)) if !removes => {
            members.push(Member { key: key.clone(), span, node: value });
        }
        _ => report.push(nowhere(node, last, span, &path.text(way.len()))),
    }
}

fn find(node: &Node, segment: &Segment, span: Span) -> Result<Option<Place>, Box<Diagnostic>> {
    match (&node.value, segment) {
        (Value::Object(members), Segment::Key(key)) => {
            Ok(members.iter().position(|member| member.key == *key).map(Place::Member))
        }
        (Value::Array(items), Segment::Index(index)) => {
            Ok((*index < items.len()).then_some(Place::Item(*index)))
        }
        (Value::Array(items), Segment::Key(key)) => in_list(items, key, span),
        _ => Ok(None),
    }
}

/// The element of a list that a key addresses: by its name, by its only key, or by its kind.
fn in_list(items: &[Node], key: &str, span: Span) -> Result<Option<Place>, Box<Diagnostic>> {
    let mut found: Vec<Place> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let members = item.members();
        if item.get("name").and_then(Node::text) == Some(key) {
            found.push(Place::Item(index));
            continue;
        }
        let keys = members.iter().filter(|member| member.key != "description").count();
        if let Some(at) = members.iter().position(|member| member.key == key)
            && (keys == 1 || Faults::KINDS.iter().any(|kind| kind.key == key))
        {
            found.push(Place::Inside(index, at));
        }
    }
    if let [first, second, ..] = &found[..] {
        let (first, second) = (position(first), position(second));
        let diagnostic = Diagnostic::error("S052", format!("`{key}` addresses several elements"))
            .at(span, "ambiguous")
            .at(items[first].span, "this one")
            .at(items[second].span, "or this one")
            .help(format!("write [{first}] or [{second}] instead of `{key}`"));
        return Err(Box::new(diagnostic));
    }
    Ok(found.pop())
}

fn position(place: &Place) -> usize {
    let (Place::Member(index) | Place::Item(index) | Place::Inside(index, _)) = place;
    *index
}

fn go<'a>(node: &'a mut Node, place: &Place) -> Option<&'a mut Node> {
    match (&mut node.value, place) {
        (Value::Object(members), Place::Member(at)) => Some(&mut members.get_mut(*at)?.node),
        (Value::Array(items), Place::Item(at)) => items.get_mut(*at),
        (Value::Array(items), Place::Inside(at, member)) => match &mut items.get_mut(*at)?.value {
            Value::Object(members) => Some(&mut members.get_mut(*member)?.node),
            _ => None,
        },
        _ => None,
    }
}

fn remove(node: &mut Node, place: &Place) {
    match (&mut node.value, place) {
        (Value::Object(members), Place::Member(at)) => {
            members.remove(*at);
        }
        (Value::Array(items), Place::Item(at) | Place::Inside(at, _)) => {
            items.remove(*at);
        }
        _ => {}
    }
}

fn nowhere(node: &Node, segment: &Segment, span: Span, way: &str) -> Diagnostic {
    let place = if way.is_empty() { "the file".to_owned() } else { format!("`{way}`") };
    let (message, help) = match segment {
        Segment::Index(index) => {
            let count = node.items().len();
            (format!("{place} has no element [{index}]"), Some(format!("it has {count} elements")))
        }
        Segment::Key(key) => {
            let mut keys: Vec<&str> = node.members().iter().map(|member| &*member.key).collect();
            for item in node.items() {
                keys.extend(item.get("name").and_then(Node::text));
                keys.extend(item.members().iter().map(|member| &*member.key));
            }
            (format!("{place} has no `{key}`"), suggestion(key, keys.iter().copied()))
        }
    };
    Diagnostic::error("S051", message)
        .at(span, "leads nowhere")
        .at(node.start(), "there is no such part here")
        .maybe_help(help)
}
