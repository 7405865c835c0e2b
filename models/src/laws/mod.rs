//! Probability laws of durations.

mod law;

pub use self::law::Law;
