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
    |limit| Bulkhead(BulkheadObject { limit: Some(limit), ..BulkheadObject::default() }),
    BulkheadObject,
    Bulkhead
);

/// A bound on calls under way, and who may wait.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkheadObject {
    /// Calls under way at once; 25.
    pub(crate) limit: Option<u32>,
    /// How long a call may wait; not at all.
    pub(crate) max_wait: Option<Duration>,
    /// How many may wait at once; any number.
    pub(crate) max_waiting: Option<u32>,
    /// A bulkhead for each of these; one for all.
    pub(crate) per: Option<Per>,
    /// How many of them at once; 1000.
    pub(crate) max_keys: Option<u32>,
}

/// What has a bulkhead of its own.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Per {
    /// What is asked for.
    Endpoint,
    /// The source of load that the request is from.
    Load,
    /// The priority of the request.
    Priority,
}

/// A pool of threads and its queue: calls start threads up to the core, then wait, then start
/// threads up to the maximum.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThreadPool {
    /// Threads before anybody waits; 10.
    pub(crate) core: Option<u32>,
    /// Threads at most; as many as in the core.
    pub(crate) max: Option<u32>,
    /// How many calls may wait; 100.
    pub(crate) queue: Option<u32>,
    /// How long a thread beyond the core idles before it ends; 60s.
    pub(crate) keepalive: Option<Duration>,
    /// How long a call may wait; as long as it takes.
    pub(crate) max_wait: Option<Duration>,
}
