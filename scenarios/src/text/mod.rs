//! From text to a tree that knows where each value stands.

mod depth;
mod node;
mod parse;

pub(crate) use self::node::{Member, Node, Value};
pub use self::parse::MOST_BYTES;
pub(crate) use self::parse::{parse, parse_fragment};
pub(crate) use crate::span::Span;
