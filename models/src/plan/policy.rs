use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::bulkhead::{BulkheadConfig, KeyedBulkheadConfig, PoolConfig};
use cascadia_patterns::limit::LimitConfig;
use cascadia_patterns::rate_limit::RateLimitConfig;
use cascadia_patterns::retry::RetryConfig;
use cascadia_patterns::shed::{DagorConfig, QueueConfig};
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
    /// Tries again.
    Retry(RetryConfig),
    /// Stops calling what fails.
    Breaker(BreakerConfig),
    /// Bounds the calls in progress.
    Bulkhead(BulkheadConfig),
    /// Bounds the calls in progress for each key.
    KeyedBulkhead(KeyedBulkheadConfig, KeyBy),
    /// Bounds the calls in progress by a pool of threads with a queue.
    Pool(PoolConfig),
    /// Bounds the calls in progress by a limit that finds itself.
    Limit(LimitConfig),
    /// Bounds the calls in a time.
    RateLimit(RateLimitConfig),
    /// Refuses by importance when requests wait too long for a worker. On arrival only.
    Dagor(DagorConfig),
    /// Bounds the calls in progress, and sheds from the queue before them.
    Queue(QueueConfig),
    /// Chooses a replica. Layers outside it exist once for the target service, layers inside it
    /// once for each of its replicas.
    Balance(BalanceKind),
    /// Refuses what has expired, on arrival and again when a worker takes it up.
    Deadline,
}

/// What has a bulkhead of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyBy {
    /// Each endpoint.
    Endpoint,
    /// Each source of load.
    Load,
    /// Each priority.
    Priority,
}
