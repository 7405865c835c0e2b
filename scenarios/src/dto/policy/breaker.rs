use schemars::JsonSchema;
use serde::Deserialize;

use crate::dto::words::string_or_object;
use crate::units::{Duration, Share};

/// When to stop calling what fails: an object, or the name of a breaker.
#[derive(Clone, Debug)]
pub(crate) enum Breaker {
    Named(NamedBreaker),
    Set(Box<BreakerObject>),
}

string_or_object!(
    Breaker,
    "an object or \"document\"",
    NamedBreaker,
    Breaker::Named,
    BreakerObject,
    |object| Breaker::Set(Box::new(object))
);

/// Breakers that have nothing to set.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NamedBreaker {
    /// The one of most introductions, as a warning: five failures, ever, open it for 30s, any
    /// number of probes pass and the third success closes it.
    Document,
}

/// When to stop calling what fails.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BreakerObject {
    /// The outcomes that rates are taken over; the last 10s.
    pub(crate) window: Option<Windows>,
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
    /// Also counts what the caller itself refused and calls whose deadline had passed; no.
    pub(crate) count_local: Option<bool>,
    /// Whether it begins in somebody's hand; it works by itself.
    pub(crate) mode: Option<Mode>,
}

/// A hand on the circuit.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// Every call is refused.
    ForcedOpen,
    /// Every call passes and nothing is counted.
    Disabled,
    /// Every call passes and is counted.
    MetricsOnly,
}

/// A window, or a list of windows of which any one opens the circuit.
#[derive(Clone, Debug)]
pub(crate) struct Windows(pub(crate) Vec<Window>);

string_or_object!(
    Windows,
    "a window or a list of windows",
    Vec<Window>,
    Windows,
    Window,
    |window| Windows(vec![window])
);

/// The outcomes that rates are taken over.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Window {
    /// Those of the last while.
    Time(Span),
    /// The last so many.
    Count(u32),
    /// All, each weighing half as much after this long.
    Ewma(Duration),
}

/// The length of a window, or its length and its buckets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span(pub(crate) SpanObject);

string_or_object!(
    Span,
    "a duration such as \"10s\" or an object",
    Duration,
    |span| Span(SpanObject { span, buckets: None }),
    SpanObject,
    Span
);

/// A window of time.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpanObject {
    /// Its length.
    pub(crate) span: Duration,
    /// The buckets by which it slides; 10.
    pub(crate) buckets: Option<u16>,
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
    /// How many of them must succeed; all.
    pub(crate) successes: Option<u32>,
    /// How long a probe may take; as long as the circuit was open.
    pub(crate) max_wait: Option<Duration>,
    /// What becomes of the circuit when one takes longer; it opens.
    pub(crate) stuck: Option<Stuck>,
    /// When they open the circuit again; at the first failure.
    pub(crate) reopen: Option<Reopen>,
}

/// Where a circuit goes whose probes do not end.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stuck {
    /// It opens.
    Open,
    /// It closes.
    Close,
    /// It waits, for ever if need be.
    Wait,
}

/// When probes open a circuit again.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reopen {
    /// At the first failure.
    FirstFailure,
    /// When all have ended, by their rate.
    Rate,
}
