use schemars::JsonSchema;
use serde::Deserialize;

use super::words::string_or_object;
use crate::units::{Duration, Rate, Share};

/// A layer of a policy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Layer {
    /// Stops waiting.
    Timeout(Duration),
    /// Tries again.
    Retry(Retry),
    /// Stops calling what fails.
    Breaker(Breaker),
    /// Bounds the calls under way.
    Bulkhead(Bulkhead),
    /// Chooses a replica; outer layers exist once for the target, inner ones for each replica.
    Balance(Balance),
    /// Refuses what nobody waits for any more.
    Deadline(Empty),
}

/// Nothing to set.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Empty {}

/// Trying again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Retry {
    /// Tries altogether, the first included; 3.
    pub(crate) attempts: Option<u16>,
    /// The delays between them; full jitter from 25ms to 250ms.
    pub(crate) backoff: Option<Backoff>,
    /// Bounds the retries of all calls together; none.
    pub(crate) budget: Option<Budget>,
    /// Also retries what is not idempotent; no.
    #[serde(rename = "unsafe")]
    pub(crate) retry_unsafe: Option<bool>,
    /// The longest wait a rejection may ask for; the longest delay of the backoff. Asked for more,
    /// no retry is made.
    pub(crate) max_retry_after: Option<Duration>,
}

/// A bound on retries.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    /// Retries for each request; 20%.
    pub(crate) ratio: Option<Share>,
    /// How long a request counts; 10s.
    pub(crate) ttl: Option<Duration>,
    /// Retries for each second besides; "10/s" or 10.
    pub(crate) min_per_second: Option<PerSecond>,
}

/// A number of retries a second, with or without its unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PerSecond(pub(crate) f64);

impl<'de> Deserialize<'de> for PerSecond {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = PerSecond;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number such as 10 or a rate such as \"10/s\"")
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<PerSecond, E> {
                Ok(PerSecond(number as f64))
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<PerSecond, E> {
                Ok(PerSecond(number as f64))
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<PerSecond, E> {
                Ok(PerSecond(number))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<PerSecond, E> {
                Rate::parse(text).map(|rate| PerSecond(rate.0)).map_err(|wrong| {
                    E::custom(crate::decode::carry(wrong.code, &wrong.message, &wrong.help))
                })
            }
        }
        from.deserialize_any(Visitor)
    }
}

impl JsonSchema for PerSecond {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PerSecond".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let rate = generator.subschema_for::<Rate>();
        schemars::json_schema!({ "anyOf": [{ "type": "number", "minimum": 0 }, rate] })
    }
}

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

/// A bound on calls under way: a number, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bulkhead(pub(crate) BulkheadObject);

string_or_object!(
    Bulkhead,
    "a number or an object",
    u32,
    |limit| Bulkhead(BulkheadObject { limit: Some(limit), max_wait: None, max_waiting: None }),
    BulkheadObject,
    Bulkhead
);

/// A bound on calls under way, and who may wait.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkheadObject {
    /// Calls under way at once; 25.
    pub(crate) limit: Option<u32>,
    /// How long a call may wait; not at all.
    pub(crate) max_wait: Option<Duration>,
    /// How many may wait at once; any number.
    pub(crate) max_waiting: Option<u32>,
}

/// How a replica is chosen.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Balance {
    /// Each in turn.
    RoundRobin,
    /// Any.
    Random,
    /// The one with the fewest calls under way.
    LeastConnections,
    /// The better of two drawn at random.
    P2c,
}
