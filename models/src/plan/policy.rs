use std::time::Duration;

use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::deadline::DeadlineConfig;
use cascadia_patterns::retry::RetryConfig;
use cascadia_patterns::timeout::TimeoutConfig;

/// A policy stack: layers, outermost first.
#[derive(Clone, Debug)]
pub struct StackPlan {
    /// Its name.
    pub name: String,
    /// The layers, at most one of them [`LayerPlan::Balance`].
    pub layers: Vec<LayerPlan>,
}

/// A layer of a stack.
#[derive(Clone, Debug)]
pub enum LayerPlan {
    /// Stops waiting.
    Timeout(TimeoutConfig),
    /// Stops waiting for a connection, or for something to come over it.
    Connection(ConnectionPlan),
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
    Deadline(DeadlineConfig),
}

/// How long a connection may be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionPlan {
    /// How long it may take until it is accepted; `None` is any time.
    pub connect: Option<Duration>,
    /// How long nothing may come over it once it is accepted; `None` is any time.
    pub read: Option<Duration>,
}
