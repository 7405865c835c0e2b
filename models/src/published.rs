//! How messages are published.

use std::sync::Arc;

use cascadia_patterns::messaging::Topic;
use cascadia_patterns::messaging::producer::ProducerConfig;

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
    /// What it is known by when it comes again.
    pub id: IdOf,
}

impl PublishPlan {
    /// Where messages go, such as `bus.orders`.
    pub(crate) fn to(&self) -> String {
        format!("{}.{}", self.broker, self.topic.as_str())
    }
}

/// What the id of a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdOf {
    /// It has none.
    #[default]
    None,
    /// One that is made when it is published.
    Attempt,
    /// That of the request that it is published for, whichever attempt that is, and of the step.
    Request,
}
