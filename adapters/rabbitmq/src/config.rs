use std::time::Duration;

/// Settings of a client of RabbitMQ.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `prefix` | | `cascadia.` | ours |
/// | `poll` | time | 50 ms | ours |
/// | `patience` | time | 5 s | ours; `lapin` waits without end |
/// | `durable` | | yes | ours; RabbitMQ says nothing |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RabbitConfig {
    /// What the names of all exchanges and queues begin with.
    pub prefix: String,
    /// How often a feed looks for what was not settled in time.
    pub poll: Duration,
    /// How long an answer is waited for.
    pub patience: Duration,
    /// Whether what is declared outlives the server. What does not is in classic queues, which count no deliveries.
    pub durable: bool,
}

impl Default for RabbitConfig {
    fn default() -> Self {
        Self {
            prefix: "cascadia.".to_owned(),
            poll: Duration::from_millis(50),
            patience: Duration::from_secs(5),
            durable: true,
        }
    }
}
