//! Quantities: strings with units.

mod decimal;
mod duration;
mod rate;
mod share;
mod visit;

pub(crate) use self::decimal::Wrong;
pub(crate) use self::duration::{Duration, duration_text, short};
pub(crate) use self::rate::{Rate, rate_text};
pub(crate) use self::share::{Share, share_text};
