use std::time::Duration;

use crate::messaging::sharing::{Abandoned, Assignor, LateAck, Sharing};
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::{Overflow, TopicSettings};

/// What is asked for where a history says nothing else: the defaults of a system, so that the broker that plays its
/// part is asked for the same as the system is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usual {
    /// What topics are.
    pub topic: TopicSettings,
    /// How messages are delivered. The topics and the group are those of the history.
    pub subscription: Subscription,
}

impl Default for Usual {
    fn default() -> Self {
        Self { topic: TopicSettings::queue(), subscription: Subscription::new("", "") }
    }
}

impl Usual {
    /// Kafka 4.0.
    pub fn kafka() -> Self {
        let mut usual = Self::default();
        usual.topic = TopicSettings { dedupe: Duration::ZERO, ..TopicSettings::log(1) };
        usual.subscription = Subscription {
            sharing: Sharing::Partitions(Assignor::Range),
            prefetch: 500,
            ack_wait: Duration::from_secs(300),
            attempts: None,
            late_ack: LateAck::Fence,
            ..usual.subscription
        };
        usual
    }

    /// RabbitMQ 3.10.
    pub fn rabbitmq() -> Self {
        let mut usual = Self::default();
        usual.topic.dedupe = Duration::ZERO;
        usual.topic.overflow = Overflow::DropHead;
        usual.subscription = Subscription {
            prefetch: u32::MAX,
            ack_wait: Duration::from_secs(30 * 60),
            attempts: None,
            late_ack: LateAck::Fence,
            ..usual.subscription
        };
        usual
    }

    /// NATS JetStream 2.10.
    pub fn jetstream() -> Self {
        let mut usual = Self::default();
        usual.topic = TopicSettings {
            retain_for: None,
            overflow: Overflow::DropHead,
            ..TopicSettings::log(1)
        };
        usual.subscription = Subscription {
            prefetch: 1_000,
            attempts: None,
            abandoned: Abandoned::Kept,
            ..usual.subscription
        };
        usual
    }

    /// Redis pub/sub 7.0.
    pub fn redis_pubsub() -> Self {
        let mut usual = Self::default();
        let retain_for = Some(Duration::from_secs(1));
        usual.topic = TopicSettings { retain_for, dedupe: Duration::ZERO, ..TopicSettings::log(1) };
        let attempts = None;
        usual.subscription = Subscription { prefetch: u32::MAX, attempts, ..usual.subscription };
        usual
    }

    /// Redis Streams 7.0.
    pub fn redis() -> Self {
        let mut usual = Self::default();
        usual.topic =
            TopicSettings { retain_for: None, dedupe: Duration::ZERO, ..TopicSettings::log(1) };
        usual.subscription = Subscription {
            prefetch: u32::MAX,
            attempts: None,
            abandoned: Abandoned::Kept,
            ..usual.subscription
        };
        usual
    }
}
