//! Humane quantities: three significant digits, the unit always attached.

mod duration;
mod number;

pub use self::duration::{duration, moment, span};
pub use self::number::{count, number, rate, share};
