//! The layers of a policy, a file each.

mod balance;
mod breaker;
mod bulkhead;
mod deadline;
mod retry;
mod timeout;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::balance::Balance;
pub(crate) use self::breaker::*;
pub(crate) use self::bulkhead::*;
pub(crate) use self::deadline::*;
pub(crate) use self::retry::*;
pub(crate) use self::timeout::*;

/// A layer of a policy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Layer {
    /// Stops waiting.
    Timeout(Timeout),
    /// Tries again.
    Retry(Retry),
    /// Stops calling what fails.
    Breaker(Breaker),
    /// Bounds the calls under way.
    Bulkhead(Bulkhead),
    /// Chooses a replica; outer layers exist once for the target, inner ones for each replica.
    Balance(Balance),
    /// Refuses what nobody waits for any more.
    Deadline(Deadline),
}
