//! The layers of a policy, a file each.

mod balance;
mod breaker;
mod bulkhead;
mod limit;
mod rate_limit;
mod retry;
mod shed;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::balance::Balance;
pub(crate) use self::breaker::*;
pub(crate) use self::bulkhead::*;
pub(crate) use self::limit::*;
pub(crate) use self::rate_limit::*;
pub(crate) use self::retry::*;
pub(crate) use self::shed::*;
use crate::units::Duration;

/// A layer of a policy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Layer {
    /// Stops waiting.
    Timeout(Duration),
    /// Tries again.
    Retry(Retry),
    /// Stops calling what fails.
    Breaker(Breaker),
    /// Bounds the calls under way.
    Bulkhead(Bulkhead),
    /// Bounds the calls under way by a pool of threads with a queue.
    ThreadPool(ThreadPool),
    /// Bounds the calls under way, and finds the bound itself.
    Limit(Limit),
    /// Bounds the calls in a time.
    RateLimit(RateLimit),
    /// Refuses some under overload.
    Shed(Shed),
    /// Chooses a replica; outer layers exist once for the target, inner ones for each replica.
    Balance(Balance),
    /// Refuses what nobody waits for any more.
    Deadline(Empty),
}

/// Nothing to set.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Empty {}
