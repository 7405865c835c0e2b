//! Quantities: strings with units.

mod decimal;
mod duration;
mod form;
mod rate;
mod share;

pub(crate) use self::decimal::Unreadable;
pub(crate) use self::duration::{Duration, duration_as_written, duration_text, nanos, short};
pub(crate) use self::form::{Part, PerSecond, Unlimited};
pub(crate) use self::rate::{Rate, rate_text};
pub(crate) use self::share::{Share, share_text};
