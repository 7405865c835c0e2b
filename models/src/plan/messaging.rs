use std::sync::Arc;

use cascadia_patterns::messaging::Topic;
use cascadia_patterns::messaging::consumer::ConsumerConfig;
use cascadia_patterns::messaging::producer::ProducerConfig;

use crate::ids::EndpointId;

/// How messages are published by a step.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishPlan {
    /// The name of the broker.
    pub broker: Arc<str>,
    /// The topic.
    pub topic: Topic,
    /// How its producer does it. Steps with the same share one.
    pub config: ProducerConfig,
    /// Whether the step waits until the message has an end, and fails unless that is a confirmation.
    pub waits: bool,
    /// Whether messages have the key of what their request is about, and so an order.
    pub keyed: bool,
    /// How many bytes a message has.
    pub size: usize,
}

/// What a service consumes.
#[derive(Clone, Debug)]
pub struct ConsumePlan {
    /// The name of the broker.
    pub broker: Arc<str>,
    /// How each replica consumes.
    pub config: ConsumerConfig,
    /// What it does with a message: an endpoint that nobody calls.
    pub endpoint: EndpointId,
}
