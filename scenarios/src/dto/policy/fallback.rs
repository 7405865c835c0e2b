use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};

/// What to answer when a call fails: a step, or a list of steps in their order.
#[derive(Clone, Debug)]
pub(crate) struct Fallback(pub(crate) Vec<FallbackStep>);

/// A step of a fallback: "default", an answer that is always at hand, or another call.
#[derive(Clone, Debug)]
pub(crate) enum FallbackStep {
    Default,
    Call(FallbackCall),
}

/// Another call.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FallbackCall {
    /// Calls "service.endpoint", "service endpoint", or "service" if it has only one.
    pub(crate) call: String,
    /// The policy that the call passes; without retries, hedges and fallbacks.
    pub(crate) policy: Option<String>,
    /// Calls of this step under way at once; 10.
    pub(crate) limit: Option<u32>,
}

impl<'de> Deserialize<'de> for Fallback {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Fallback;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("\"default\", an object with `call`, or a list of these")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Fallback, E> {
                StepVisitor.visit_str(text).map(|step| Fallback(vec![step]))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Fallback, A::Error> {
                StepVisitor.visit_map(map).map(|step| Fallback(vec![step]))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Fallback, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Fallback)
            }
        }
        from.deserialize_any(Visitor)
    }
}

struct StepVisitor;

impl<'de> serde::de::Visitor<'de> for StepVisitor {
    type Value = FallbackStep;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("\"default\" or an object with `call`")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<FallbackStep, E> {
        match text {
            "default" => Ok(FallbackStep::Default),
            _ => Err(E::unknown_variant(text, &["default"])),
        }
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<FallbackStep, A::Error> {
        FallbackCall::deserialize(MapAccessDeserializer::new(map)).map(FallbackStep::Call)
    }
}

impl<'de> Deserialize<'de> for FallbackStep {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StepVisitor)
    }
}

impl JsonSchema for FallbackStep {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FallbackStep".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let call = generator.subschema_for::<FallbackCall>();
        let default = serde_json::json!({ "const": "default" });
        schemars::json_schema!({ "anyOf": [default, call] })
    }
}

impl JsonSchema for Fallback {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fallback".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let step = generator.subschema_for::<FallbackStep>();
        let list = generator.subschema_for::<Vec<FallbackStep>>();
        schemars::json_schema!({ "anyOf": [step, list] })
    }
}
