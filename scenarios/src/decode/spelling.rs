//! Misspelt keys, and what they were meant as.
//!
//! A key that is misspelt leaves two mistakes behind: nobody knows it, and whatever it was to say is
//! missing, so that what refers to it leads nowhere. Only the first is one. So a key that is near to
//! a known one, which is not given besides, is told and then taken for that: the rest of the file is
//! read as it was meant.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Case, Def, Field, Shape, wrong};
use crate::diagnostics::Report;
use crate::nearest::nearest;
use crate::text::{Member, Node, Value};

/// Tells the misspelt keys in a value of this shape, and takes them for what they were meant as.
pub(crate) fn correct(node: &mut Node, shape: &Shape, report: &mut Report) {
    Speller { report, fields: Parts::default(), cases: Parts::default(), shapes: Parts::default() }
        .correct(node, shape);
}

/// The parts of shapes by the function that makes them: a file has thousands of objects of one shape.
struct Parts<P>(BTreeMap<usize, Rc<Vec<P>>>);

impl<P> Default for Parts<P> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<P> Parts<P> {
    fn of(&mut self, def: &Def<P>) -> Rc<Vec<P>> {
        let made = self.0.entry(def.parts as usize).or_insert_with(|| Rc::new((def.parts)()));
        Rc::clone(made)
    }
}

struct Speller<'r> {
    report: &'r mut Report,
    fields: Parts<Field>,
    cases: Parts<Case>,
    shapes: Parts<Shape>,
}

impl Speller<'_> {
    fn correct(&mut self, node: &mut Node, shape: &Shape) {
        match (shape, &mut node.value) {
            (Shape::List(items), Value::Array(nodes)) => {
                nodes.iter_mut().for_each(|node| self.correct(node, &items()));
            }
            (Shape::Map(values), Value::Object(members)) => {
                for member in members.iter_mut().filter(|member| !member.is_description()) {
                    self.correct(&mut member.node, &values());
                }
            }
            (Shape::Object(def), Value::Object(_)) => {
                let fields = self.fields.of(def);
                let known = fields.iter().map(|field| (field.key, field.shape)).collect();
                self.keys(node, known, wrong::unknown_key);
            }
            // Of a choice there is one key, which makes it that choice.
            (Shape::Choice(def), Value::Object(_)) => {
                let cases = self.cases.of(def);
                let known = cases.iter().filter_map(|case| Some((case.key, case.under?))).collect();
                self.keys(node, known, |node, key, known, report| {
                    wrong::unknown_key_choice(node, key, (known, std::iter::empty()), report);
                });
            }
            (Shape::Any(def), _) => {
                if let Some(shape) = self.meant(node, def) {
                    self.correct(node, &shape);
                }
            }
            _ => {}
        }
    }

    /// The members of an object that has these keys; one that is a slip is told by `tell`.
    fn keys(
        &mut self,
        node: &mut Node,
        known: Vec<(&'static str, Shape)>,
        tell: fn(&Node, &str, &[&'static str], &mut Report),
    ) {
        let shape = |key: &str| known.iter().find(|(known, _)| *known == key).map(|(_, it)| *it);
        let names: Vec<&'static str> = known.iter().map(|(key, _)| *key).collect();
        for at in 0..node.members().len() {
            let member = &node.members()[at];
            if shape(&member.key).is_none() {
                let Some(meant) = slip(node, member, &names) else { continue };
                if !shape(meant).is_some_and(|shape| shape.fits(&member.node)) {
                    continue;
                }
                tell(node, &member.key, &names, self.report);
                rename(node, at, meant);
            }
            let Value::Object(members) = &mut node.value else { return };
            if let Some(shape) = shape(&members[at].key) {
                self.correct(&mut members[at].node, &shape);
            }
        }
    }

    /// The one of several shapes that a value was meant to be: that which knows most of its keys, and of those the
    /// one that is nearest to the others.
    fn meant(&mut self, node: &Node, def: &Def<Shape>) -> Option<Shape> {
        let shapes = self.shapes.of(def);
        let fitting = shapes.iter().filter(|shape| shape.fits(node));
        let of_each = fitting.map(|shape| (self.names(shape), shape)).collect::<Vec<_>>();
        let knows = |names: &Vec<&str>| {
            node.members().iter().filter(|member| names.contains(&&*member.key)).count()
        };
        let most = of_each.iter().map(|(names, _)| knows(names)).max()?;
        let mut best = of_each.iter().filter(|(names, _)| knows(names) == most);
        if most == node.members().len() {
            return best.next().map(|(_, shape)| **shape);
        }
        let near = |names: &Vec<&str>| {
            let is_near = |member: &&Member| nearest(&member.key, names.iter().copied()).is_some();
            node.members().iter().filter(is_near).count()
        };
        // Of those that are equally near the first one.
        let best = best.rev().max_by_key(|(names, _)| near(names));
        best.map(|(_, shape)| **shape)
    }

    /// The keys that an object of a shape may have.
    fn names(&mut self, shape: &Shape) -> Vec<&'static str> {
        match shape {
            Shape::Object(def) => self.fields.of(def).iter().map(|field| field.key).collect(),
            Shape::Choice(def) => self.cases.of(def).iter().map(|case| case.key).collect(),
            Shape::Any(def) => {
                let shapes = self.shapes.of(def);
                shapes.iter().flat_map(|shape| self.names(shape)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The known key of which `member` has a slip, where that is not given.
fn slip(node: &Node, member: &Member, known: &[&'static str]) -> Option<&'static str> {
    if member.is_description() {
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
