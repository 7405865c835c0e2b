use schemars::JsonSchema;
use serde::Deserialize;

use crate::units::{Duration, Share};

/// The delays between tries.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Backoff {
    /// None at all.
    None,
    /// Always the same.
    Fixed(Duration),
    /// Longer by `base` each time.
    Linear(Bounds),
    /// Longer by a factor each time.
    Exponential(Growth),
    /// Anything from zero to an exponential bound.
    FullJitter(Growth),
    /// Anything from half of an exponential bound to all of it.
    EqualJitter(Growth),
    /// An exponential delay, more or less a share of it.
    Proportional(Proportional),
    /// Anything from the base to three times the last delay.
    Decorrelated(Bounds),
}

/// The shortest and the longest delay.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bounds {
    /// The first delay.
    pub(crate) base: Duration,
    /// The longest delay.
    pub(crate) max: Duration,
}

/// Delays that grow by a factor.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Growth {
    /// The first delay.
    pub(crate) base: Duration,
    /// The longest delay.
    pub(crate) max: Duration,
    /// What each retry multiplies it by; 2.
    pub(crate) factor: Option<f64>,
}

/// Delays that grow by a factor, more or less a share.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proportional {
    /// The first delay, in the middle.
    pub(crate) base: Duration,
    /// The longest delay, in the middle.
    pub(crate) max: Duration,
    /// What each retry multiplies it by; 2.
    pub(crate) factor: Option<f64>,
    /// How far from the middle it may be; 20%.
    pub(crate) spread: Option<Share>,
}
