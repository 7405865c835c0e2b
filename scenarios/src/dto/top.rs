use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Items, Layer, Link, Load, Members, Service};
use crate::components::Component;
use crate::faults::Fault;
use crate::units::{Duration, Share};

/// A scenario of Cascadia.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// Where the schema is, for editors.
    #[serde(rename = "$schema")]
    pub(crate) _schema: Option<String>,
    /// The version of the language: 1.
    pub(crate) version: u64,
    /// Its name.
    pub(crate) name: String,
    /// What it answers.
    pub(crate) question: Option<String>,
    /// How it is run.
    #[serde(rename = "run")]
    pub(crate) _run: Part<Run>,
    /// What there is.
    #[serde(rename = "services")]
    pub(crate) _services: Members<Service>,
    /// What there is besides, of the kinds that the program knows.
    #[serde(rename = "components", default)]
    pub(crate) _components: Members<Component>,
    /// Layers of resilience, outermost first.
    #[serde(rename = "policies", default)]
    pub(crate) _policies: Members<Items<Layer>>,
    /// What lies between: "default" and "caller -> service".
    #[serde(rename = "links", default)]
    pub(crate) _links: Members<Link>,
    /// Who asks.
    #[serde(rename = "load")]
    pub(crate) _load: Members<Load>,
    /// What goes wrong.
    #[serde(rename = "faults", default)]
    pub(crate) _faults: Items<Fault>,
    /// What must hold, for each load or service.
    #[serde(rename = "checks", default)]
    pub(crate) _checks: Members<Vec<String>>,
    /// The same with something changed.
    #[serde(rename = "variants", default)]
    pub(crate) _variants: Members<Variant>,
}

/// A part that is decoded on its own; here it is only stepped over.
#[derive(Clone, Debug)]
pub(crate) struct Part<T>(std::marker::PhantomData<T>);

impl<'de, T> Deserialize<'de> for Part<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(from).map(|_| Self(std::marker::PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Part<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<T>()
    }
}

/// How a scenario is run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    /// When the run ends.
    pub(crate) duration: Duration,
    /// Requests sent before this are not counted; "0s".
    pub(crate) warmup: Option<Duration>,
    /// A number up to 2^53 or a string "0x…"; 1.
    pub(crate) seed: Option<Seed>,
    /// How many seeds `check` tries.
    pub(crate) seeds: Option<u64>,
    /// The share of seeds that must pass.
    pub(crate) require: Option<Share>,
    /// The windows of `within`; "5s".
    pub(crate) window: Option<Duration>,
}

/// What all randomness grows from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| u64::from_str_radix(digits, 16).ok().map(Self)).flatten()
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Seed;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a whole number up to 2^53 or a string such as \"0x2a\"")
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Seed, E> {
                if number <= 1 << 53 {
                    return Ok(Seed(number));
                }
                Err(E::custom(crate::decode::carry(
                    "S030",
                    "a seed above 2^53 is written as a string",
                    &format!("write \"{number:#x}\"; many JSON tools would round the number"),
                )))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Seed, E> {
                let wrong = || E::invalid_value(serde::de::Unexpected::Str(text), &self);
                Seed::parse(text).ok_or_else(wrong)
            }
        }
        from.deserialize_any(Visitor)
    }
}

impl JsonSchema for Seed {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Seed".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_992_u64 },
            { "type": "string", "pattern": "^0[xX][0-9a-fA-F]{1,16}$" },
        ] })
    }
}

/// The scenario with something changed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Variant {
    /// Whether its checks are meant to pass; pass.
    #[serde(default)]
    pub(crate) expect: Expect,
    /// Paths and their new values; null removes.
    #[serde(rename = "set", default)]
    pub(crate) _set: BTreeMap<String, serde_json::Value>,
}

/// What a variant is meant to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expect {
    /// That its checks pass.
    #[default]
    Pass,
    /// That they fail.
    Fail,
}
