use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::consumer::ConsumerConfig;
use cascadia_patterns::messaging::outbox::OutboxConfig;
use cascadia_patterns::saga::choreography::Score;

/// Sagas of one definition that go by events, and who begins them.
#[derive(Clone, Debug)]
pub struct EventsPlan {
    /// Their name.
    pub name: String,
    /// Who does what when.
    pub score: Score,
    /// The name of the broker of their topic.
    pub broker: Arc<str>,
    /// How each place hears of what has become of them.
    pub config: ConsumerConfig,
    /// How the first event of each leaves the outbox of who begins it.
    pub outbox: OutboxConfig,
    /// How long a commit of the store of these places takes.
    pub write: Duration,
    /// How long nothing may be heard of one that has not ended before it is stuck.
    pub silence: Duration,
    /// Whoever does a step does everything once, so that the laws of sagas hold.
    pub once: bool,
}
