//! The scenario language: a file in, a plan or precise diagnostics out.
//!
//! A file is parsed into a tree that knows where each value stands; changes are applied to the
//! tree; each element is decoded on its own, so that everything of a wrong shape is reported;
//! then names are resolved and quantities brought to base units. Nothing here touches a file
//! system: texts come in with a name, and diagnostics point into them.

mod analysis;
mod checks;
mod codes;
mod components;
mod decode;
mod diagnostics;
mod disciplines;
mod elements;
mod faults;
mod laws;
mod layers;
mod load;
mod loads;
mod names;
mod nearest;
mod overlay;
mod read;
mod reference;
mod resolve;
mod scenario;
mod schema;
pub mod shipped;
mod span;
mod steps;
mod text;
mod units;

pub use self::checks::{Check, CheckOutcome, CheckStatus};
pub use self::codes::{codes, explain};
pub use self::components::{Registry, Wrong};
pub use self::diagnostics::{Diagnostic, Label, Problems, Severity, Source};
pub use self::elements::MOST_SEEDS;
pub use self::faults::FaultText;
pub use self::load::load;
pub use self::reference::reference;
pub use self::scenario::{Options, Scenario, Variant};
pub use self::schema::schema;
