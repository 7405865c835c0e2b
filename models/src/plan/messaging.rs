use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::consumer::ConsumerConfig;
use cascadia_patterns::messaging::outbox::OutboxConfig;
use cascadia_patterns::saga::choreography::Score;

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

/// The part of a service in sagas that go by events.
#[derive(Clone, Debug)]
pub struct MemberPlan {
    /// The name of the sagas.
    pub saga: Arc<str>,
    /// The name of the service, which is that of whoever does its steps.
    pub service: Arc<str>,
    /// Who does what when.
    pub score: Score,
    /// The name of the broker of their topic.
    pub broker: Arc<str>,
    /// How each replica consumes it.
    pub config: ConsumerConfig,
    /// How what it tells the others leaves its outbox.
    pub outbox: OutboxConfig,
    /// The endpoints that do and undo those steps that are its own, by the numbers of these.
    pub steps: BTreeMap<usize, (EndpointId, Option<EndpointId>)>,
}

/// The part of a service in what is done by several together.
#[derive(Clone, Debug)]
pub struct BranchPlan {
    /// The name of the sagas.
    pub saga: Arc<str>,
    /// The name of its step.
    pub step: Arc<str>,
    /// How often it asks for what it is in doubt of.
    pub pause: Duration,
}

impl MemberPlan {
    /// The endpoints that do its steps, and those that undo them.
    pub fn endpoints(&self) -> impl Iterator<Item = EndpointId> {
        self.steps.values().flat_map(|(act, undo)| std::iter::once(*act).chain(*undo))
    }
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
