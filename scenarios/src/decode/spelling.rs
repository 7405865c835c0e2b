//! Misspelt keys, and what they were meant as.
//!
//! A key that is misspelt leaves two mistakes behind: nobody knows it, and whatever it was to say is
//! missing, so that what refers to it leads nowhere. Only the first is one. So a key that is near to
//! a known one, which is not given besides, is told and then taken for that: the rest of the file is
//! read as it was meant.

use super::{Case, Field, Shape, wrong};
use crate::diagnostics::Report;
use crate::nearest::nearest;
use crate::text::{Member, Node, Value};

/// Tells the misspelt keys in a value of this shape, and takes them for what they were meant as.
pub(crate) fn correct(node: &mut Node, shape: &Shape, report: &mut Report) {
    match (shape, &mut node.value) {
        (Shape::List(items), Value::Array(nodes)) => {
            nodes.iter_mut().for_each(|node| correct(node, &items(), report));
        }
        (Shape::Map(values), Value::Object(members)) => {
            for member in members.iter_mut().filter(|member| !member.is_description()) {
                correct(&mut member.node, &values(), report);
            }
        }
        (Shape::Object(def), Value::Object(_)) => object(node, &(def.parts)(), report),
        (Shape::Choice(def), Value::Object(_)) => choice(node, &(def.parts)(), report),
        (Shape::Any(def), _) => {
            if let Some(shape) = meant(node, (def.parts)()) {
                correct(node, &shape, report);
            }
        }
        _ => {}
    }
}

fn object(node: &mut Node, fields: &[Field], report: &mut Report) {
    let known: Vec<&'static str> = fields.iter().map(|field| field.key).collect();
    let shape = |key: &str| fields.iter().find(|field| field.key == key).map(|field| &field.shape);
    for at in 0..node.members().len() {
        let Member { key, node: value, .. } = &node.members()[at];
        if let Some(key) = slip(node, &node.members()[at], &known)
            && shape(key).is_some_and(|shape| shape.fits(value))
        {
            wrong::unknown_key(node, &node.members()[at].key, &known, report);
            rename(node, at, key);
        } else if !known.contains(&&**key) {
            continue;
        }
        let Value::Object(members) = &mut node.value else { return };
        if let Some(shape) = shape(&members[at].key) {
            correct(&mut members[at].node, shape, report);
        }
    }
}

/// Of a choice there is one key, so it is what makes it that choice.
fn choice(node: &mut Node, cases: &[Case], report: &mut Report) {
    let under = |key: &str| cases.iter().find(|case| case.key == key).and_then(|case| case.under);
    let known: Vec<_> =
        cases.iter().filter(|case| case.under.is_some()).map(|case| case.key).collect();
    for at in 0..node.members().len() {
        let Member { key, node: value, .. } = &node.members()[at];
        if let Some(key) = slip(node, &node.members()[at], &known)
            && under(key).is_some_and(|shape| shape.fits(value))
        {
            wrong::unknown_key_choice(
                node,
                &node.members()[at].key,
                (&known, std::iter::empty()),
                report,
            );
            rename(node, at, key);
        } else if !known.contains(&&**key) {
            continue;
        }
        let Value::Object(members) = &mut node.value else { return };
        if let Some(shape) = under(&members[at].key) {
            correct(&mut members[at].node, &shape, report);
        }
    }
}

/// The known key of which `member` has a slip, where that is not given.
fn slip(node: &Node, member: &Member, known: &[&'static str]) -> Option<&'static str> {
    if member.is_description() || known.contains(&&*member.key) {
        return None;
    }
    let meant = wrong::nearest_known(&member.key, known)?;
    node.member(meant).is_none().then_some(meant)
}

fn rename(node: &mut Node, at: usize, key: &str) {
    if let Value::Object(members) = &mut node.value {
        key.clone_into(&mut members[at].key);
    }
}

/// The one of several shapes that an object was meant to be: that which knows most of its keys, or
/// is nearest to them. Of other values the first that fits.
fn meant(node: &Node, shapes: Vec<Shape>) -> Option<Shape> {
    let members = node.members();
    let mut best: Option<(usize, Shape)> = None;
    for shape in shapes.into_iter().filter(|shape| shape.fits(node)) {
        let keys = shape.keys();
        let is_known = |member: &&Member| keys.contains(&&*member.key);
        let is_near = |member: &&Member| nearest(&member.key, keys.iter().copied()).is_some();
        let score = 1_000 * members.iter().filter(is_known).count()
            + members.iter().filter(is_near).count();
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, shape));
        }
    }
    best.map(|(_, shape)| shape)
}
