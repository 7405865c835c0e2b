//! Humane quantities: three significant digits, the unit always attached.

mod duration;
mod figure;
mod number;
mod text;

pub use self::duration::{duration, moment, span};
pub use self::figure::figure;
pub use self::number::{count, number, rate, share};
pub use self::text::capitalised;
