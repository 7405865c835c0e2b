use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::consumer::ConsumerConfig;

use crate::ids::EndpointId;
use crate::own::Own;

/// What a service consumes.
#[derive(Clone, Debug)]
pub struct ConsumePlan {
    /// The name of the broker.
    pub broker: Arc<str>,
    /// How each replica consumes.
    pub config: ConsumerConfig,
    /// How it stays a member of a group that shares partitions.
    pub session: SessionPlan,
    /// What it does with a message: an endpoint that nobody calls.
    pub endpoint: EndpointId,
    /// Whether it replies with the outcome. All messages must be requests then.
    pub replies: bool,
    /// Who does it instead, and has the steps done as often as is wanted.
    pub own: Option<Own>,
}

/// How a member of a group that shares partitions shows that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPlan {
    /// How long it may be silent before its partitions are given to others (Kafka `session.timeout.ms`).
    pub timeout: Duration,
    /// How often it says that it is there (Kafka `heartbeat.interval.ms`).
    pub heartbeat: Duration,
}

impl Default for SessionPlan {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(45), heartbeat: Duration::from_secs(3) }
    }
}
