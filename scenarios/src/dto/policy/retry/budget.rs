use schemars::JsonSchema;
use serde::Deserialize;

use crate::units::{Duration, Rate, Share};

/// A bound on retries: a share of the requests, or exactly one of the other kinds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    /// Retries for each request; 20%.
    pub(crate) ratio: Option<Share>,
    /// How long a request counts; 10s.
    pub(crate) ttl: Option<Duration>,
    /// Retries for each second besides; "10/s" or 10.
    pub(crate) min_per_second: Option<PerSecond>,
    /// Tokens that failures cost and successes earn.
    pub(crate) tokens: Option<Tokens>,
    /// A bucket from which a retry takes what its failure costs.
    pub(crate) aws: Option<Aws>,
    /// A bound on the retries under way at once.
    pub(crate) concurrent: Option<Concurrent>,
    /// A small bucket that requests or successes fill.
    pub(crate) bucket: Option<Bucket>,
    /// No retries while too large a share of all there was has failed.
    pub(crate) cumulative: Option<Cumulative>,
}

/// Retries while more than half of the tokens are there (gRPC).
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tokens {
    /// The most tokens there can be; 10.
    pub(crate) max: Option<f64>,
    /// What a success earns; a failure costs 1; 0.1.
    pub(crate) ratio: Option<f64>,
}

/// A bucket that first tries fill when they succeed, and retries by what they cost.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Aws {
    /// What it holds; 500.
    pub(crate) capacity: Option<u32>,
    /// What a retry costs; 5.
    pub(crate) retry: Option<u32>,
    /// What a retry after a timeout costs; 10.
    pub(crate) timeout: Option<u32>,
    /// What a retry after a refusal for overload costs; 5.
    pub(crate) throttling: Option<u32>,
}

/// A bound on the retries under way at once (Envoy).
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Concurrent {
    /// Retries for each try under way; 20%.
    pub(crate) share: Option<Share>,
    /// Retries that are allowed in any case; 3.
    pub(crate) min: Option<u32>,
}

/// A bucket of retries (Brooker). A retry costs 1 and is made while there is more than 1.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bucket {
    /// What it holds; 5.
    pub(crate) capacity: Option<f64>,
    /// What comes in each time; 0.1.
    pub(crate) deposit: Option<f64>,
    /// When something comes in; request.
    pub(crate) on: Option<DepositOn>,
}

/// When something comes into a bucket.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DepositOn {
    /// At each first try.
    Request,
    /// At each success.
    Success,
}

/// Retries while the failures there ever were are at most a share of the first tries.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cumulative {
    /// That share; 10%.
    pub(crate) failures: Option<Share>,
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
