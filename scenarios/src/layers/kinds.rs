//! Which failures a layer goes by: two keys more for every layer that judges outcomes.

use std::marker::PhantomData;

use cascadia_patterns::call::{KindSet, Kinds};

use crate::decode::{Absent, Decode, Def, Field, Shape};
use crate::diagnostics::{Diagnostic, Report};
use crate::status::FailureKind;
use crate::text::{Member, Node, Value};

/// What the two keys are called.
pub(super) trait Words {
    /// What alone it goes by, and what that means.
    const ONLY: (&'static str, &'static str);
    /// What it passes over, and what that means.
    const EXCEPT: (&'static str, &'static str);
}

/// Those of a layer that does something about a failure.
#[derive(Debug)]
pub(super) enum Acting {}

impl Words for Acting {
    const ONLY: (&'static str, &'static str) =
        ("on", "Does so only for failures of these kinds, and for all of them.");
    const EXCEPT: (&'static str, &'static str) = ("never", "Never does so for these kinds.");
}

/// Those of a layer that counts failures.
#[derive(Debug)]
pub(super) enum Counting {}

impl Words for Counting {
    const ONLY: (&'static str, &'static str) =
        ("counts", "Only these kinds are failures; what else would be one is passed over.");
    const EXCEPT: (&'static str, &'static str) =
        ("ignores", "These kinds are passed over: they speak neither for nor against the server.");
}

/// The form `F` of a layer, with the two keys in its object.
#[derive(Debug)]
pub(super) struct Judging<F, W>(PhantomData<(F, W)>);

/// The alternatives of a shape, however deep.
fn alternatives(shape: Shape) -> Vec<Shape> {
    match shape {
        Shape::Any(def) => (def.parts)().into_iter().flat_map(alternatives).collect(),
        other => vec![other],
    }
}

impl<F: Decode, W: Words> Judging<F, W> {
    fn keys() -> [Field; 2] {
        [W::ONLY, W::EXCEPT].map(|(key, about)| {
            let absent = Absent::Means("as the table of kinds says".to_owned());
            Field { key, about, shape: Vec::<FailureKind>::shape(), absent }
        })
    }

    fn fields() -> Vec<Field> {
        let objects = alternatives(F::shape()).into_iter().filter_map(|shape| match shape {
            Shape::Object(def) => Some((def.parts)()),
            _ => None,
        });
        objects.flatten().chain(Self::keys()).collect()
    }

    fn alternatives() -> Vec<Shape> {
        let extended = alternatives(F::shape()).into_iter().map(|shape| match shape {
            Shape::Object(Def { name, about, .. }) => {
                Shape::Object(Def { name, about, parts: Self::fields })
            }
            other => other,
        });
        extended.collect()
    }

    /// The two keys are read here, and the form sees the rest.
    fn split(node: &Node, report: &mut Report) -> Option<(Node, Kinds)> {
        let Value::Object(members) = &node.value else {
            return Some((node.clone(), Kinds::default()));
        };
        let own = [W::ONLY.0, W::EXCEPT.0];
        let is_own = |member: &&Member| own.contains(&&*member.key);
        let rest = members.iter().filter(|member| !is_own(member)).cloned().collect();
        let mut sound = true;
        let mut set = |key| -> Option<KindSet> {
            let kinds = Vec::<FailureKind>::decode(node.get(key)?, report);
            sound &= kinds.is_some();
            kinds.map(|kinds| kinds.into_iter().collect())
        };
        let kinds = Kinds { only: set(own[0]), except: set(own[1]).unwrap_or_default() };
        if let Some(kind) = kinds.only.and_then(|only| only.common(kinds.except)) {
            let message = format!("`{}` is in both lists", kind.name());
            let diagnostic = Diagnostic::error("S031", message)
                .at(node.span_of(own[1]), "excepted here")
                .at(node.span_of(own[0]), "and listed here");
            report.push(diagnostic.help("take it out of one of them"));
            sound = false;
        }
        sound.then(|| (Node { value: Value::Object(rest), ..node.clone() }, kinds))
    }
}

impl<F: Decode, W: Words> Decode for Judging<F, W> {
    type Value = (F::Value, Kinds);

    fn decode(node: &Node, report: &mut Report) -> Option<Self::Value> {
        let split = Self::split(node, report);
        let (rest, kinds) = split?;
        F::decode(&rest, report).map(|layer| (layer, kinds))
    }

    fn shape() -> Shape {
        match F::shape() {
            Shape::Object(Def { name, about, .. }) => {
                Shape::Object(Def { name, about, parts: Self::fields })
            }
            Shape::Any(Def { name, about, .. }) => {
                Shape::Any(Def { name, about, parts: Self::alternatives })
            }
            other => other,
        }
    }
}
