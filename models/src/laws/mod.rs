//! Probability laws of durations.

mod check;
mod gamma;
mod inverse;
mod law;
mod mean;
mod median;
mod normal;

pub use self::law::Law;
