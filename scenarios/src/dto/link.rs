use schemars::JsonSchema;
use serde::Deserialize;

use super::Law;
use crate::units::Share;

/// What lies between a caller and a service, the same in both directions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    /// One-way latency of a message; none.
    pub(crate) latency: Option<Law>,
    /// Share of messages that are lost; none.
    pub(crate) loss: Option<Share>,
}
