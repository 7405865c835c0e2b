use super::{Anything, Decode, Shape, wrong};
use crate::diagnostics::Report;
use crate::text::{Member, Node, Value};

/// The members of an optional object, sorted; anything else is reported.
pub(crate) fn object_members<'a>(
    node: Option<&'a Node>,
    report: &mut Report,
) -> Option<Vec<&'a Member>> {
    let node = node?;
    if !matches!(node.value, Value::Object(_)) {
        wrong::wrong_shape(node, Shape::Map(Anything::shape), report);
        return None;
    }
    let mut members = node.sorted();
    members.retain(|member| !member.is_description());
    Some(members)
}

/// The items of an optional list; anything else is reported.
pub(crate) fn list_items<'a>(node: Option<&'a Node>, report: &mut Report) -> Option<&'a [Node]> {
    let node = node?;
    if !matches!(node.value, Value::Array(_)) {
        wrong::wrong_shape(node, Shape::List(Anything::shape), report);
        return None;
    }
    Some(node.items())
}
