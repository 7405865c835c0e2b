//! The layers of a policy, a file each.

mod balance;
mod breaker;
mod bulkhead;
mod deadline;
mod fallback;
mod hedge;
mod limit;
mod outlier;
mod rate_limit;
mod retry;
mod shed;
mod throttle;
mod timeout;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::balance::Balance;
pub(crate) use self::breaker::*;
pub(crate) use self::bulkhead::*;
pub(crate) use self::deadline::*;
pub(crate) use self::fallback::*;
pub(crate) use self::hedge::*;
pub(crate) use self::limit::*;
pub(crate) use self::outlier::*;
pub(crate) use self::rate_limit::*;
pub(crate) use self::retry::*;
pub(crate) use self::shed::*;
pub(crate) use self::throttle::*;
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
    /// Sends little more than what is accepted.
    Throttle(Throttle),
    /// Takes replicas that behave unlike the others out of the choice; directly outside `balance`.
    Outlier(Outlier),
    /// Sends what is slow once more, to another replica.
    Hedge(Hedge),
    /// Answers with less when a call fails.
    Fallback(Fallback),
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
    Deadline(Deadline),
}
