use std::convert::identity;

use super::{Duration, Rate, Share, Unreadable, duration_as_written, rate_text, share_text};
use crate::decode::{Decode, Quantity, Shape, choice, either, wrong_shape};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Node, Value};

/// A quantity, read by `parse` from a string with a unit; a bare number is told which unit it
/// lacks.
fn read<T>(
    node: &Node,
    quantity: &'static Quantity,
    parse: fn(&str) -> Result<T, Unreadable>,
    hint: fn(&str) -> String,
    report: &mut Report,
) -> Option<T> {
    match &node.value {
        Value::String(text) => parse(text).map_err(|wrong| unreadable(node, wrong, report)).ok(),
        Value::Number(number) => {
            let number = number.to_string();
            let message =
                format!("the number {number} has no unit; {} belongs here", quantity.belongs);
            let diagnostic = Diagnostic::error("S007", message).at(node.span, "here");
            report.push(diagnostic.help(hint(&number)));
            None
        }
        _ => {
            wrong_shape(node, Shape::Quantity(quantity), report);
            None
        }
    }
}

/// A quantity that cannot be read.
fn unreadable(node: &Node, wrong: Unreadable, report: &mut Report) {
    report
        .push(Diagnostic::error(wrong.code, wrong.message).at(node.span, "here").help(wrong.help));
}

static DURATION: Quantity = Quantity {
    name: "Duration",
    about: "A duration: a number and one of ns, us, ms, s, m, h, d, or several as in 1m30s.",
    belongs: "a duration such as \"250ms\"",
    pattern: r"^([0-9]+(\.[0-9]+)?\s*(ns|us|µs|ms|s|m|h|d))+$",
    examples: &["250ms"],
};

impl Decode for Duration {
    type Value = std::time::Duration;

    fn decode(node: &Node, report: &mut Report) -> Option<Self::Value> {
        read(node, &DURATION, Self::parse, Self::hint, report).map(Self::std)
    }

    fn shape() -> Shape {
        Shape::Quantity(&DURATION)
    }

    fn show(value: &Self::Value) -> Option<String> {
        Some(duration_as_written(*value))
    }
}

static RATE: Quantity = Quantity {
    name: "Rate",
    about: "A rate: a number and one of /ms, /s, /m, /h.",
    belongs: "a rate such as \"1200/s\"",
    pattern: r"^[0-9]+(\.[0-9]+)?\s*/(ms|s|m|h)$",
    examples: &["1200/s"],
};

impl Decode for Rate {
    type Value = f64;

    fn decode(node: &Node, report: &mut Report) -> Option<f64> {
        read(node, &RATE, Self::parse, Self::hint, report).map(|rate| rate.0)
    }

    fn shape() -> Shape {
        Shape::Quantity(&RATE)
    }

    fn show(value: &f64) -> Option<String> {
        Some(rate_text(*value))
    }
}

static SHARE: Quantity = Quantity {
    name: "Share",
    about: "A share: a number and %.",
    belongs: "a share such as \"20%\"",
    pattern: r"^[0-9]+(\.[0-9]+)?\s*%$",
    examples: &["20%"],
};

impl Decode for Share {
    type Value = f64;

    fn decode(node: &Node, report: &mut Report) -> Option<f64> {
        read(node, &SHARE, Self::parse, Self::hint, report).map(|share| share.0)
    }

    fn shape() -> Shape {
        Shape::Quantity(&SHARE)
    }

    fn show(value: &f64) -> Option<String> {
        Some(share_text(*value))
    }
}

/// A share of all at most.
#[derive(Debug)]
pub(crate) enum Part {}

impl Decode for Part {
    type Value = f64;

    fn decode(node: &Node, report: &mut Report) -> Option<f64> {
        let share = Share::decode(node, report)?;
        if share > 1.0 {
            let message = format!("a share of {} is more than all", share_text(share));
            report.push(Diagnostic::error("S030", message).at(node.span, "more than 100%"));
        }
        Some(share.min(1.0))
    }

    fn shape() -> Shape {
        Share::shape()
    }

    fn show(value: &f64) -> Option<String> {
        Share::show(value)
    }
}

either! {
    /// So many a second, with or without the unit.
    pub(crate) enum PerSecond: f64 {
        f64 => identity,
        Rate => identity,
    }
    shown Rate::show
}

choice! {
    /// No bound at all.
    pub(crate) enum Unlimited: () {
        /// Any number.
        unlimited => (),
    }
}
