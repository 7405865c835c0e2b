use crate::decode::{Decode, Quantity, Shape, wrong_shape};
use crate::diagnostics::Report;
use crate::text::Node;

/// A line of text that says what must hold.
#[derive(Debug)]
pub(crate) enum CheckText {}

static CHECK: Quantity = Quantity {
    name: "Check",
    about: "A metric, a comparison and a value, and a window: `metric op value [over window]`, or `metric within P of \
            baseline [over window]`; or, of a load, `recovered within D after FAULT`, or `metastable = no`. A window is `a..b`, `during FAULT` or `after FAULT [DURATION]`.",
    belongs: "a check such as \"p99 < 800ms\"",
    pattern: r"^\s*(recovered\s+within\s+[0-9].*\s+after\s+\S.*|metastable\s*=\s*no\s*|[^<>=!\s][^<>=!]*(([<>]=?|[=!]=)\s*[0-9]((?!\sover\b)[^<>=!])*|\swithin\s+[0-9.]+\s*%\s+of\s+baseline)(\s+over\s+\S.*)?)$",
    examples: &[
        "ok > 99% over 10s..60s",
        "all_p99 < 800ms over after slow-db 10s",
        "goodput within 5% of baseline over after slow-db 10s",
        "recovered within 10s after slow-db",
        "metastable = no",
        "busiest replica utilisation < 90%",
    ],
};

impl Decode for CheckText {
    type Value = String;

    fn decode(node: &Node, report: &mut Report) -> Option<String> {
        let text = node.text();
        if text.is_none() {
            wrong_shape(node, Self::shape(), report);
        }
        text.map(str::to_owned)
    }

    fn shape() -> Shape {
        Shape::Quantity(&CHECK)
    }
}
