use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::retry::RetryConfig;
use cascadia_patterns::timeout::TimeoutConfig;

use super::StackId;

/// A policy stack: layers, outermost first.
#[derive(Clone, Debug)]
pub struct StackPlan {
    /// Its name.
    pub name: String,
    /// The layers, at most one of them [`LayerPlan::Balance`].
    pub layers: Vec<LayerPlan>,
}

/// A layer of a stack by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LayerId {
    /// The stack.
    pub stack: StackId,
    /// The position in [`StackPlan::layers`].
    pub layer: u32,
}

/// A layer of a stack.
#[derive(Clone, Debug)]
pub enum LayerPlan {
    /// Stops waiting.
    Timeout(TimeoutConfig),
    /// Tries again.
    Retry(RetryConfig),
    /// Stops calling what fails.
    Breaker(BreakerConfig),
    /// Bounds the calls in progress.
    Bulkhead(BulkheadConfig),
    /// Chooses a replica. Layers outside it exist once for the target service, layers inside it
    /// once for each of its replicas.
    Balance(BalanceKind),
    /// Refuses what has expired, on arrival and again when a worker takes it up.
    Deadline,
}
