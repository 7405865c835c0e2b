use std::time::Duration;

/// Settings of a client of NATS.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `prefix` | | `cascadia-` | ours |
/// | `poll` | time | 200 ms | ours |
/// | `patience` | time | 5 s | `async-nats` |
/// | `replicas` | servers | 1 | JetStream `num_replicas` |
/// | `durable` | | yes | JetStream `storage`, file |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatsConfig {
    /// What the names of all streams and subjects begin with: letters, digits, `-` and `_`.
    pub prefix: String,
    /// How often a feed looks for what was not settled in time.
    pub poll: Duration,
    /// How long an answer is waited for.
    pub patience: Duration,
    /// How many servers keep a stream.
    pub replicas: usize,
    /// Whether the streams that are declared are on a disk. Those in memory are gone with their server.
    pub durable: bool,
}

impl Default for NatsConfig {
    fn default() -> Self {
        Self {
            prefix: "cascadia-".to_owned(),
            poll: Duration::from_millis(200),
            patience: Duration::from_secs(5),
            replicas: 1,
            durable: true,
        }
    }
}
