//! Statistics of a run.

mod histogram;
mod tails;

pub use self::histogram::Histogram;
pub use self::tails::{at_least, at_most, student_beyond};
