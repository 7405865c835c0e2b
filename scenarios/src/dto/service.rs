use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::words::string_or_object;
use super::{Discipline, Items, Members};
use crate::steps::Step;
use crate::units::Duration;

/// A service: replicas that queue and work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    /// How many replicas it has; 1.
    pub(crate) replicas: Option<u32>,
    /// Requests that one replica works on at the same time: a number or "unlimited"; 1.
    pub(crate) workers: Option<Workers>,
    /// Where requests wait for a worker.
    #[serde(default)]
    pub(crate) queue: Queue,
    /// What becomes of a request whose caller has gone; ignore.
    #[serde(default)]
    pub(crate) on_cancel: OnCancel,
    /// Its calls have the deadline of the request that they are made for; yes. Without, a service
    /// behind it works for callers that have gone.
    pub(crate) forward_deadline: Option<bool>,
    /// The policy that requests pass on arrival.
    pub(crate) inbound: Option<String>,
    /// What a worker works on a request that is refused, by the queue or by the inbound policy;
    /// "0s".
    pub(crate) refusal: Option<Duration>,
    /// Whether its calls carry the trace of the request that they are made for; forward.
    #[serde(default)]
    pub(crate) trace: Trace,
    /// Labels for selectors; replica i gets element i of a list, over and over.
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, LabelValues>,
    /// What it can be asked to do.
    #[serde(rename = "endpoints")]
    pub(crate) _endpoints: Members<Endpoint>,
}

/// How many requests a replica works on at once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Workers {
    Limited(u32),
    Unlimited,
}

impl<'de> Deserialize<'de> for Workers {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Workers;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a whole number or \"unlimited\"")
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Workers, E> {
                u32::try_from(number)
                    .map(Workers::Limited)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(number), &self))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Workers, E> {
                match text {
                    "unlimited" => Ok(Workers::Unlimited),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
                }
            }
        }
        from.deserialize_any(Visitor)
    }
}

impl JsonSchema for Workers {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Workers".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [{ "type": "integer", "minimum": 1 }, { "const": "unlimited" }]
        })
    }
}

/// Where requests wait.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Queue {
    /// Most requests that wait at one replica; null is unbounded.
    pub(crate) capacity: Option<u32>,
    /// Who is next, and who is shed; fifo.
    #[serde(default)]
    pub(crate) discipline: Discipline,
}

/// What becomes of a request whose caller has gone.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnCancel {
    /// It is worked off all the same.
    #[default]
    Ignore,
    /// It is dropped from the queue, and finished once begun.
    SkipQueued,
    /// It is dropped wherever it is.
    Stop,
}

/// What becomes of the trace of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trace {
    /// It is handed on with every call.
    #[default]
    Forward,
    /// It ends here, and what is called begins another.
    Drop,
}

/// One label value, or one for each replica.
#[derive(Clone, Debug)]
pub(crate) struct LabelValues(pub(crate) Vec<String>);

/// Several values in turn.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct One(String);

impl<'de> Deserialize<'de> for LabelValues {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = LabelValues;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string or a list of strings")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<LabelValues, E> {
                Ok(LabelValues(vec![text.to_owned()]))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<LabelValues, A::Error> {
                let mut values = Vec::new();
                while let Some(One(value)) = seq.next_element()? {
                    values.push(value);
                }
                Ok(LabelValues(values))
            }
        }
        from.deserialize_any(Visitor)
    }
}

impl JsonSchema for LabelValues {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LabelValues".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<String>();
        let many = generator.subschema_for::<Vec<String>>();
        schemars::json_schema!({ "anyOf": [one, many] })
    }
}

/// What a service does for one kind of request: a list of steps, or an object with `steps`.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint(pub(crate) EndpointObject);

/// An endpoint with its properties.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointObject {
    /// Sending a request twice does no harm, so it may be retried.
    pub(crate) idempotent: Option<bool>,
    /// The work, in order.
    #[serde(rename = "steps")]
    pub(crate) _steps: Items<Step>,
}

string_or_object!(
    Endpoint,
    "a list of steps or an object with `steps`",
    Vec<Skip>,
    |_| Endpoint(EndpointObject::default()),
    EndpointObject,
    Endpoint
);

/// A step that is decoded later.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Skip(#[allow(dead_code)] serde::de::IgnoredAny);

impl JsonSchema for Skip {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<Step>()
    }
}
