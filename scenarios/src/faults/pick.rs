use cascadia_models::plan;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::units::{Share, share_text};

/// How many of the selected replicas are hit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Pick {
    #[default]
    All,
    One,
    Share(Share),
}

impl Pick {
    pub(super) fn plan(self) -> plan::Pick {
        match self {
            Self::All => plan::Pick::All,
            Self::One => plan::Pick::One,
            Self::Share(share) => plan::Pick::Share(share.0),
        }
    }

    /// So many of the replicas that a selector selects, in words.
    pub(super) fn of(self, selector: &str) -> String {
        match self {
            Self::All => selector.to_owned(),
            Self::One => format!("one of {selector}"),
            Self::Share(share) => format!("{} of {selector}", share_text(share.0)),
        }
    }
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
