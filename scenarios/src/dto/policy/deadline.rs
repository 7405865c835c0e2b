use schemars::JsonSchema;
use serde::Deserialize;

use crate::units::Duration;

/// When a request comes too late.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deadline {
    /// What must be left for the work to be worth beginning; nothing.
    pub(crate) min_remaining: Option<Duration>,
    /// How much earlier the deadline is for what is called to serve it; not at all.
    pub(crate) hop_margin: Option<Duration>,
}
