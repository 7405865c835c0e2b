//! Probability laws of durations.

mod below;
mod check;
mod gamma;
mod inverse;
mod law;
mod mean;
mod median;
mod nearest;
mod normal;
mod within;

pub use self::law::Law;
pub(crate) use self::nearest::nearest;
