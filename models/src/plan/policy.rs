use std::time::Duration;

use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::breaker::document::DocumentConfig;
use cascadia_patterns::bulkhead::{BulkheadConfig, KeyedBulkheadConfig, PoolConfig};
use cascadia_patterns::deadline::DeadlineConfig;
use cascadia_patterns::fallback::FallbackConfig;
use cascadia_patterns::hedge::HedgeConfig;
use cascadia_patterns::limit::LimitConfig;
use cascadia_patterns::outlier::OutlierConfig;
use cascadia_patterns::rate_limit::RateLimitConfig;
use cascadia_patterns::retry::RetryConfig;
use cascadia_patterns::shed::{DagorConfig, QueueConfig};
use cascadia_patterns::throttle::ThrottleConfig;
use cascadia_patterns::timeout::TimeoutConfig;

use super::{EndpointId, ServiceId, StackId};

/// A policy stack: layers, outermost first.
#[derive(Clone, Debug)]
pub struct StackPlan {
    /// Its name.
    pub name: String,
    /// The layers, at most one of them [`LayerPlan::Balance`].
    pub layers: Vec<LayerPlan>,
}

impl StackPlan {
    /// The position of layer number `index` in the policy, as its author counts.
    pub fn position(&self, index: usize) -> usize {
        index - self.layers.iter().take(index + 1).filter(|layer| layer.is_inner()).count()
    }

    /// The same for names, which say it only where the author calls several layers the same.
    pub(crate) fn place(&self, index: usize) -> String {
        let Some(this) = self.layers.get(index).map(LayerPlan::written_as) else {
            return String::new();
        };
        let written = self.layers.iter().filter(|layer| !layer.is_inner());
        let alike = written.filter(|layer| layer.written_as() == this).count();
        if alike > 1 { format!("[{}]", self.position(index)) } else { String::new() }
    }
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
    /// Stops waiting for a connection, or for something to come over it.
    Connection(ConnectionPlan),
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
    /// Sends what is slow once more. Only outside a balancer.
    Hedge(HedgeConfig),
    /// Answers with less when a call fails: steps in their order.
    Fallback(Vec<FallbackStep>),
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
    Deadline(DeadlineConfig),
}

impl LayerPlan {
    /// What it is called.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Timeout(_) => "timeout",
            Self::Connection(_) => "connection",
            Self::Retry(_) => "retry",
            Self::Breaker(_) | Self::DocumentBreaker(_) => "breaker",
            Self::Bulkhead(_) | Self::KeyedBulkhead(..) => "bulkhead",
            Self::Throttle(_) => "throttle",
            Self::Outlier(_) => "outlier",
            Self::Hedge(_) => "hedge",
            Self::Fallback(_) => "fallback",
            Self::Pool(_) => "thread_pool",
            Self::Limit(_) => "limit",
            Self::RateLimit(_) => "rate_limit",
            Self::Dagor(_) | Self::Queue(_) => "shed",
            Self::Balance(_) => "balance",
            Self::Deadline(_) => "deadline",
        }
    }

    /// What its author calls it.
    fn written_as(&self) -> &'static str {
        match self {
            Self::Connection(_) => "timeout",
            other => other.kind(),
        }
    }

    /// Whether it is a part of the layer before it.
    fn is_inner(&self) -> bool {
        matches!(self, Self::Connection(plan) if plan.inner)
    }
}

/// How long a connection may be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionPlan {
    /// How long it may take until it is accepted; `None` is any time.
    pub connect: Option<Duration>,
    /// How long nothing may come over it once it is accepted; `None` is any time.
    pub read: Option<Duration>,
    /// It belongs to the timeout before it, and has no position of its own in the policy.
    pub inner: bool,
}

/// A step of a chain of fallbacks.
#[derive(Clone, Copy, Debug)]
pub enum FallbackStep {
    /// An answer that is always at hand.
    Default,
    /// Another call. Its stack has neither retries nor fallbacks.
    Call {
        /// The service called.
        service: ServiceId,
        /// What it is asked.
        endpoint: EndpointId,
        /// The stack that the call passes.
        policy: Option<StackId>,
        /// What it may use up.
        config: FallbackConfig,
    },
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
