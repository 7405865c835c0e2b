use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Alike components: besides this, exactly one kind with its settings.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct Component {
    /// How many there are; 1.
    pub(super) places: Option<u32>,
    /// The kind and its settings.
    #[serde(flatten)]
    pub(super) kinds: BTreeMap<String, serde_json::Value>,
}
