use schemars::JsonSchema;
use serde::Deserialize;

use crate::dto::words::string_or_object;
use crate::units::Duration;

/// A bound on calls under way: a number, or an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bulkhead(pub(crate) BulkheadObject);

string_or_object!(
    Bulkhead,
    "a number or an object",
    u32,
    |limit| Bulkhead(BulkheadObject { limit: Some(limit), max_wait: None, max_waiting: None }),
    BulkheadObject,
    Bulkhead
);

/// A bound on calls under way, and who may wait.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkheadObject {
    /// Calls under way at once; 25.
    pub(crate) limit: Option<u32>,
    /// How long a call may wait; not at all.
    pub(crate) max_wait: Option<Duration>,
    /// How many may wait at once; any number.
    pub(crate) max_waiting: Option<u32>,
}
