use super::system::Like;
use super::table::Row;
use crate::decode::Decode as _;
use crate::diagnostics::Report;
use crate::text::{Member, Node, Span, Value, parse_fragment};

/// What a `request` takes of what a `publish` does.
const OF_REQUESTS: [&str; 4] = ["acks", "linger", "request_timeout", "delivery_timeout"];

/// A broker that is like a system, and where that is said.
struct Named {
    broker: String,
    like: Option<(Like, Span)>,
}

/// Puts the defaults of systems into a file where it says nothing else.
pub(crate) fn apply(root: &mut Node, report: &mut Report) {
    let brokers = root.get("brokers").map_or(&[][..], Node::members);
    let named: Vec<_> = brokers.iter().map(named).collect();
    let likes = named.iter().filter_map(|named| named.like);
    if likes.clone().next().is_none() {
        return;
    }
    likes.for_each(|(_, span)| report.has_defaults_of(span));
    for (member, named) in members(root, "brokers").iter_mut().zip(&named) {
        let Some((like, span)) = named.like else { continue };
        fill(&mut member.node, like.system().broker, span);
        for topic in members(&mut member.node, "topics").iter_mut().filter(is_one) {
            fill(&mut topic.node, like.system().topic, span);
        }
    }
    for service in members(root, "services") {
        for member in members(&mut service.node, "consume").iter_mut().filter(is_one) {
            if let Some((like, span)) = found(&named, &member.key) {
                fill(&mut member.node, like.system().consume, span);
            }
        }
        steps(&mut service.node, &named);
    }
}

fn named(member: &Member) -> Named {
    let like = member.node.get("like").and_then(|node| {
        // Whoever reads the broker tells what is wrong with it.
        Some((Like::decode(node, &mut Report::default())?, node.span))
    });
    Named { broker: member.key.clone(), like }
}

/// The system of the broker of a topic, by its whole name.
fn found(named: &[Named], topic: &str) -> Option<(Like, Span)> {
    let is_of = |named: &&Named| {
        let rest = topic.strip_prefix(&*named.broker);
        rest.is_some_and(|rest| rest.starts_with(['.', ' ']))
    };
    named.iter().filter(is_of).min_by_key(|named| named.broker.len())?.like
}

/// The steps that publish, wherever they are.
fn steps(node: &mut Node, named: &[Named]) {
    for (key, is_request) in [("publish", false), ("request", true)] {
        let topic = node.get(key).and_then(Node::text);
        let Some((like, span)) = topic.and_then(|topic| found(named, topic)) else { continue };
        let rows = like.system().publish.iter();
        let rows = rows.filter(|row| !is_request || OF_REQUESTS.contains(&row.key));
        fill(node, rows, span);
    }
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| steps(item, named)),
        Value::Object(members) => {
            members.iter_mut().for_each(|member| steps(&mut member.node, named));
        }
        _ => {}
    }
}

/// Adds what is not given.
fn fill(node: &mut Node, rows: impl IntoIterator<Item = &'static Row>, span: Span) {
    let Value::Object(members) = &mut node.value else { return };
    for row in rows {
        let value = value(row.value, span);
        match members.iter_mut().find(|member| member.key == row.key) {
            // Null stands for nothing.
            Some(member) if matches!(member.node.value, Value::Null) => member.node = value,
            Some(_) => {}
            None => members.push(Member { key: row.key.to_owned(), span, node: value }),
        }
    }
}

/// A value as it would be written, all of which is told of where `like` stands.
fn value(text: &str, span: Span) -> Node {
    let mut node = parse_fragment(text, span.source, 0, &mut Report::default());
    stand(&mut node, span);
    node
}

fn stand(node: &mut Node, span: Span) {
    (node.span, node.inner) = (span, None);
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| stand(item, span)),
        Value::Object(members) => members.iter_mut().for_each(|member| {
            member.span = span;
            stand(&mut member.node, span);
        }),
        _ => {}
    }
}

fn members<'a>(node: &'a mut Node, key: &str) -> &'a mut [Member] {
    let Value::Object(members) = &mut node.value else { return &mut [] };
    match members.iter_mut().find(|member| member.key == key).map(|member| &mut member.node.value) {
        Some(Value::Object(members)) => members,
        _ => &mut [],
    }
}

fn is_one(member: &&mut Member) -> bool {
    !member.is_description()
}
