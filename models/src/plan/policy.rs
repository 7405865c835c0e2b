use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::breaker::document::DocumentConfig;
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::outlier::OutlierConfig;
use cascadia_patterns::retry::RetryConfig;
use cascadia_patterns::throttle::ThrottleConfig;
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
    /// Does so by the rules of introductions.
    DocumentBreaker(DocumentConfig),
    /// Bounds the calls in progress.
    Bulkhead(BulkheadConfig),
    /// Sends little more than what is accepted.
    Throttle(ThrottleConfig),
    /// Takes replicas out of the choice of the balancer, which is the next layer.
    Outlier(OutlierConfig),
    /// Chooses a replica. Layers outside it exist once for the target service, layers inside it
    /// once for each of its replicas.
    Balance(BalanceKind),
    /// Refuses what has expired, on arrival and again when a worker takes it up.
    Deadline,
}
