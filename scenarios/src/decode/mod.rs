//! From a tree to typed values, with everything that is wrong at its place.
//!
//! What may be written is described once, as a form: from it come the decoder, the schema and the
//! reference page. The macros describe the composed forms: [`object!`] a struct of this crate,
//! [`settings!`] a configuration of another, whose defaults are its own, [`choice!`] one of several
//! words or keys, and [`either!`] values of several shapes.

mod anything;
mod choice;
mod either;
mod forms;
mod object;
mod sections;
mod settings;
mod shape;
mod spelling;
mod vocabulary;
mod words;
mod wrong;

pub(crate) use self::anything::{Anything, Apart};
pub(crate) use self::choice::{Kind, Under, choice, pick};
pub(crate) use self::either::{either, first_that_fits};
pub(crate) use self::forms::Text;
pub(crate) use self::object::{Object, object};
pub(crate) use self::sections::{list_items, object_members};
pub(crate) use self::settings::settings;
pub(crate) use self::shape::{Absent, Case, Def, Field, Quantity, Shape};
pub(crate) use self::spelling::correct;
pub(crate) use self::words::{Word, words};
pub(crate) use self::wrong::{not_one, unknown_choice, wrong_shape};

use crate::diagnostics::Report;
use crate::text::Node;

/// Reads the value that a node stands for. Nothing only after a report.
pub(crate) type Decoder<T> = fn(&Node, &mut Report) -> Option<T>;

/// Something that may be written.
pub(crate) trait Decode {
    /// What it stands for.
    type Value;

    /// The value that `node` stands for. Nothing only after a report.
    fn decode(node: &Node, report: &mut Report) -> Option<Self::Value>;

    /// What may be written.
    fn shape() -> Shape;

    /// Changes a value by what is written; an object changes only what it says.
    fn update(value: &mut Self::Value, node: &Node, report: &mut Report) -> Option<()> {
        *value = Self::decode(node, report)?;
        Some(())
    }

    /// How a value would be written, where that is short.
    fn show(_value: &Self::Value) -> Option<String> {
        None
    }
}
