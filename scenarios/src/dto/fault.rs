use schemars::JsonSchema;
use serde::Deserialize;

use super::Law;
use crate::units::{Duration, Share};

/// Something that goes wrong for a while: exactly one of the kinds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// Its name; the kind and the position in the list.
    pub(crate) name: Option<String>,
    /// When it begins.
    pub(crate) at: Duration,
    /// How long it lasts; to the end of the run.
    #[serde(rename = "for")]
    pub(crate) lasts: Option<Duration>,
    /// Work takes longer.
    pub(crate) slow: Option<Slow>,
    /// Replicas stop without a word and come back empty.
    pub(crate) crash: Option<Crash>,
    /// Requests are answered with an error.
    pub(crate) errors: Option<Errors>,
    /// Messages take longer.
    pub(crate) latency: Option<Latency>,
    /// Messages are lost.
    pub(crate) loss: Option<Loss>,
    /// No message comes through.
    pub(crate) partition: Option<Partition>,
}

/// Work takes longer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slow {
    /// A selector of replicas.
    pub(crate) target: String,
    /// How many times longer.
    pub(crate) factor: f64,
    /// Which work; that begun meanwhile.
    #[serde(default)]
    pub(crate) mode: SlowMode,
    /// How many of the selected: "all", "one" or a share.
    #[serde(default)]
    pub(crate) pick: Pick,
}

/// Which work is stretched.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SlowMode {
    /// Work begun while the fault lasts, to its end.
    #[default]
    Start,
    /// All work in progress, while the fault lasts.
    Rate,
}

/// Replicas stop.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Crash {
    /// A selector of replicas.
    pub(crate) target: String,
    /// How many of the selected: "all", "one" or a share.
    #[serde(default)]
    pub(crate) pick: Pick,
}

/// Requests are answered with an error.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Errors {
    /// A selector of replicas.
    pub(crate) target: String,
    /// The share of requests.
    pub(crate) rate: Share,
    /// How many of the selected: "all", "one" or a share.
    #[serde(default)]
    pub(crate) pick: Pick,
}

/// Messages take longer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Latency {
    /// One side, a selector or a load; everybody.
    pub(crate) from: Option<String>,
    /// The other side; everybody.
    pub(crate) to: Option<String>,
    /// Added to every message.
    pub(crate) add: Option<Law>,
    /// Times the latency of the link; 1.
    pub(crate) factor: Option<f64>,
}

/// Messages are lost.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Loss {
    /// One side, a selector or a load; everybody.
    pub(crate) from: Option<String>,
    /// The other side; everybody.
    pub(crate) to: Option<String>,
    /// The share of messages.
    pub(crate) rate: Share,
}

/// No message comes through.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Partition {
    /// One side, a selector or a load; everybody.
    pub(crate) from: Option<String>,
    /// The other side; everybody.
    pub(crate) to: Option<String>,
    /// Which way; both.
    #[serde(default)]
    pub(crate) direction: Direction,
}

/// Which way messages are stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// Both ways.
    #[default]
    Both,
    /// Only from `from` to `to`.
    Forward,
}

/// How many of the selected replicas are hit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Pick {
    #[default]
    All,
    One,
    Share(Share),
}

impl<'de> Deserialize<'de> for Pick {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        match text.as_str() {
            "all" => Ok(Self::All),
            "one" => Ok(Self::One),
            _ => match Share::parse(&text) {
                Ok(share) => Ok(Self::Share(share)),
                Err(_) => Err(serde::de::Error::custom(crate::decode::carry(
                    "S010",
                    &format!("`{text}` does not say how many are hit"),
                    "write \"all\", \"one\" or a share such as \"25%\"",
                ))),
            },
        }
    }
}

impl JsonSchema for Pick {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pick".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let share = generator.subschema_for::<Share>();
        schemars::json_schema!({ "anyOf": [{ "enum": ["all", "one"] }, share] })
    }
}
