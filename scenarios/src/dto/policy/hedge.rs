use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IntoDeserializer as _;

use crate::dto::words::string_or_object;
use crate::units::{Duration, Share};

/// Sending once more: a delay, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hedge(pub(crate) HedgeObject);

string_or_object!(
    Hedge,
    "a delay such as \"50ms\" or \"p95\", or an object",
    HedgeDelay,
    |delay| Hedge(HedgeObject { delay: Some(delay), ..HedgeObject::default() }),
    HedgeObject,
    Hedge
);

/// When, how often and at whose expense a call is sent once more.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HedgeObject {
    /// How long a call is waited for before a copy is sent; the latency that all but the budget's
    /// share of the calls do not exceed, so p95.
    pub(crate) delay: Option<HedgeDelay>,
    /// Copies besides the first call, at most 4; 1.
    pub(crate) max: Option<u8>,
    /// Copies for each call, a share or "unlimited"; 5%.
    pub(crate) budget: Option<HedgeBudget>,
    /// Also sends copies of what is not idempotent; no.
    #[serde(rename = "unsafe")]
    pub(crate) hedge_unsafe: Option<bool>,
    /// Sends every call twice, and the copy that a server begins cancels the other in its queue;
    /// no. The second then goes after 1ms and there is no budget, unless they are given.
    pub(crate) tied: Option<bool>,
}

/// How long a call is waited for: a duration, or a percentile of the recent calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HedgeDelay {
    Fixed(Duration),
    Quantile(f64),
}

impl<'de> Deserialize<'de> for HedgeDelay {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = HedgeDelay;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a duration such as \"50ms\" or a percentile such as \"p95\"")
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<HedgeDelay, E> {
                Duration::deserialize(number.into_deserializer()).map(HedgeDelay::Fixed)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<HedgeDelay, E> {
                match quantile(text) {
                    Some(share) => Ok(HedgeDelay::Quantile(share)),
                    None => Duration::deserialize(text.into_deserializer()).map(HedgeDelay::Fixed),
                }
            }
        }
        from.deserialize_any(Visitor)
    }
}

/// p95 is 0.95 and p999 is 0.999, as in checks.
fn quantile(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('p')?;
    let known = (2..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    known.then(|| format!("0.{digits}").parse().ok()).flatten()
}

impl JsonSchema for HedgeDelay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "HedgeDelay".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let duration = generator.subschema_for::<Duration>();
        let quantile = serde_json::json!({ "type": "string", "pattern": "^p[0-9]{2,5}$" });
        schemars::json_schema!({ "anyOf": [duration, quantile] })
    }
}

/// Copies for each call: a share, or "unlimited".
#[derive(Clone, Copy, Debug)]
pub(crate) enum HedgeBudget {
    Ratio(Share),
    Unlimited,
}

impl<'de> Deserialize<'de> for HedgeBudget {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = HedgeBudget;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a share such as \"5%\" or \"unlimited\"")
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<HedgeBudget, E> {
                Share::deserialize(number.into_deserializer()).map(HedgeBudget::Ratio)
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<HedgeBudget, E> {
                Share::deserialize(number.into_deserializer()).map(HedgeBudget::Ratio)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<HedgeBudget, E> {
                match text {
                    "unlimited" => Ok(HedgeBudget::Unlimited),
                    _ => Share::deserialize(text.into_deserializer()).map(HedgeBudget::Ratio),
                }
            }
        }
        from.deserialize_any(Visitor)
    }
}

impl JsonSchema for HedgeBudget {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "HedgeBudget".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let share = generator.subschema_for::<Share>();
        let unlimited = serde_json::json!({ "const": "unlimited" });
        schemars::json_schema!({ "anyOf": [share, unlimited] })
    }
}
