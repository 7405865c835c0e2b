use schemars::JsonSchema;
use serde::Deserialize;

use crate::dto::words::string_or_object;
use crate::units::Duration;

/// How long is waited: a duration for the whole call, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeout(pub(crate) TimeoutObject);

string_or_object!(
    Timeout,
    "a duration such as \"2s\" or an object",
    Duration,
    |overall| Timeout(TimeoutObject { overall: Some(overall), connect: None, read: None }),
    TimeoutObject,
    Timeout
);

/// How long is waited, and for what; at least one of them.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimeoutObject {
    /// For the end of the call. Inside a retry that is the end of each try.
    pub(crate) overall: Option<Duration>,
    /// For a replica that is up to be reached.
    pub(crate) connect: Option<Duration>,
    /// For something to come from there: the answer.
    pub(crate) read: Option<Duration>,
}
