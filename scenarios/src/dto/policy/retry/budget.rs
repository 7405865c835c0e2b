use schemars::JsonSchema;
use serde::Deserialize;

use crate::units::{Duration, Rate, Share};

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
