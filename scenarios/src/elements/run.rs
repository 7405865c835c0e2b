use crate::decode::{Decode, Def, Quantity, Shape, object, wrong_shape};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Node, Value};
use crate::units::{Duration, Part};

/// Most seeds of one command: the result has a line of each.
pub const MOST_SEEDS: u64 = 1_000_000;

object! {
    /// How a scenario is run.
    pub(crate) struct Run {
        /// When the run ends.
        duration: Duration,
        /// Requests sent before this are not counted.
        warmup: Duration = std::time::Duration::ZERO,
        /// A number up to 2^53 or a string "0x…".
        seed: Seed = 1,
        /// How many seeds `check` tries.
        seeds: Option<u64> => "one",
        /// The share of seeds that must pass.
        require: Option<Part> => "all",
        /// The windows of `within`.
        window: Duration = std::time::Duration::from_secs(5),
    }
}

/// What all randomness grows from.
#[derive(Debug)]
pub(crate) enum Seed {}

/// The largest number that all JSON tools keep.
const MOST: u64 = 1 << 53;

static HEXADECIMAL: Quantity = Quantity {
    name: "Hexadecimal",
    about: "A number of up to 16 hexadecimal digits.",
    belongs: "a string such as \"0x2a\"",
    pattern: "^0[xX][0-9a-fA-F]{1,16}$",
    examples: &["0x2a"],
};

impl Decode for Seed {
    type Value = u64;

    fn decode(node: &Node, report: &mut Report) -> Option<u64> {
        let seed = match &node.value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => hexadecimal(text),
            _ => None,
        };
        match (&node.value, seed) {
            (Value::Number(_), Some(seed)) if seed > MOST => {
                let message = "a seed above 2^53 is written as a string";
                let help = format!("write \"{seed:#x}\"; many JSON tools would round the number");
                report.push(Diagnostic::error("S030", message).at(node.span, "here").help(help));
                None
            }
            (_, None) => {
                wrong_shape(node, Self::shape(), report);
                None
            }
            (_, seed) => seed,
        }
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "Seed",
            about: "What all randomness grows from.",
            parts: || vec![Shape::Whole { least: 0, most: MOST }, Shape::Quantity(&HEXADECIMAL)],
        })
    }

    fn show(seed: &u64) -> Option<String> {
        Some(seed.to_string())
    }
}

fn hexadecimal(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u64::from_str_radix(digits, 16).ok()).flatten()
}
