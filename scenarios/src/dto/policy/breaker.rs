use schemars::JsonSchema;
use serde::Deserialize;

use crate::dto::words::string_or_object;
use crate::units::{Duration, Share};

/// When to stop calling what fails.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Breaker {
    /// The outcomes that rates are taken over; the last 10s.
    pub(crate) window: Option<Window>,
    /// The share of failures that opens it; 50%.
    pub(crate) failure_rate: Option<Share>,
    /// Outcomes the window must hold; 20.
    pub(crate) min_calls: Option<u32>,
    /// Also opens after so many failures in a row; off.
    pub(crate) consecutive: Option<u32>,
    /// A call that takes longer is slow; off.
    pub(crate) slow_call: Option<Duration>,
    /// The share of slow calls that opens it; 100%.
    pub(crate) slow_rate: Option<Share>,
    /// How long it stays open.
    pub(crate) open: Option<Open>,
    /// How it is probed.
    pub(crate) half_open: Option<HalfOpen>,
}

/// The outcomes that rates are taken over.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Window {
    /// Those of the last while.
    Time(Duration),
    /// The last so many.
    Count(u32),
    /// All, each weighing half as much after this long.
    Ewma(Duration),
}

/// How long a circuit stays open: a duration, always the same, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Open {
    Fixed(Duration),
    Growing(OpenObject),
}

string_or_object!(
    Open,
    "a duration such as \"5s\" or an object",
    Duration,
    Open::Fixed,
    OpenObject,
    Open::Growing
);

/// An open time that grows.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenObject {
    /// The first; 5s.
    pub(crate) base: Option<Duration>,
    /// What each further opening multiplies it by; 2.
    pub(crate) factor: Option<f64>,
    /// The longest; 60s.
    pub(crate) max: Option<Duration>,
    /// How it is spread; full.
    pub(crate) jitter: Option<Jitter>,
    /// The shortest under full jitter; half of the base.
    pub(crate) min: Option<Duration>,
}

/// How waits are spread.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Jitter {
    /// Not at all.
    None,
    /// Between half of the wait and all of it.
    Equal,
    /// Between the minimum and the wait.
    Full,
}

/// How an open circuit is probed.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HalfOpen {
    /// The number of probes; 1.
    pub(crate) permits: Option<u32>,
    /// How long they may take altogether; as long as the circuit was open.
    pub(crate) max_wait: Option<Duration>,
}
