//! Statistics over runs.

mod wilson;

pub use self::wilson::tally;
