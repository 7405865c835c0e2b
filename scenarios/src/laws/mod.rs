//! Laws of durations: each has a line in the list of kinds.

mod kinds;

use std::time;

use cascadia_models::laws;

pub(crate) use self::kinds::LawKind;

use self::kinds::constant;
use crate::decode::{Decode, Def, Shape, wrong_shape};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;
use crate::units::{Duration, duration_as_written};

/// A law of durations: a fixed one, or a choice of distributions.
#[derive(Debug)]
pub(crate) enum Law {}

impl Decode for Law {
    type Value = laws::Law;

    /// A law that does not exist is reported and stood in for, so that what it is a part of is
    /// looked at all the same.
    fn decode(node: &Node, report: &mut Report) -> Option<laws::Law> {
        let law = if LawKind::shape().fits(node) {
            LawKind::decode(node, report)?
        } else if Duration::shape().fits(node) {
            constant(Duration::decode(node, report)?)
        } else {
            wrong_shape(node, Self::shape(), report);
            return None;
        };
        let checked = law.and_then(|law| law.check().map(|()| law));
        Some(checked.unwrap_or_else(|sentence| {
            let message = format!("this law does not exist: {sentence} (times in ns)");
            report.push(Diagnostic::error("S032", message).at(node.span, "this law"));
            laws::Law::Constant(0.0)
        }))
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "Law",
            about: "A law of durations: a fixed one, or a distribution.",
            parts: || vec![Duration::shape(), LawKind::shape()],
        })
    }

    fn show(law: &laws::Law) -> Option<String> {
        let laws::Law::Constant(nanos) = law else { return None };
        Some(duration_as_written(time::Duration::from_nanos(*nanos as u64)))
    }
}
