//! Statistics of a run.

mod histogram;

pub use self::histogram::Histogram;
