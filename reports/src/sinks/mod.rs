//! Names of a file where they may do harm.
//!
//! A scenario is often somebody else's, and its names go wherever its results go. What is a harmless character in
//! JSON moves the cursor of a terminal, is a command to the log of a CI service, a formula to a spreadsheet, and
//! to a parser of XML the end of the file. Refusing such names would not do: messages that refuse them show them.
//!
//! So each kind of place where text ends up has one function, which is called last, on what is about to be
//! written there: nothing that is added to a page, a table or a summary later can forget it.
//!
//! | where it ends up | | what is escaped |
//! |---|---|---|
//! | a line on a terminal or in a log | [`line()`] | what [acts], new lines, workflow commands |
//! | an annotation of GitHub Actions | [`annotation()`] | also what ends a property |
//! | a cell of a table | `cell` | also what begins a formula |
//! | HTML, SVG and XML | `markup` | what acts; what has a meaning there is escaped when it is built |
//! | JSON | `json` | what acts, as JSON has it |

mod annotation;
mod cell;
mod characters;
mod json;
mod line;
mod markup;

pub use self::annotation::annotation;
pub(crate) use self::cell::cell;
pub use self::characters::acts;
pub use self::json::json;
pub use self::line::{inert, line};
pub(crate) use self::markup::markup;
