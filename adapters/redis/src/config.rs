use std::time::Duration;

/// Settings of a client of Redis.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `prefix` | | `cascadia:` | ours |
/// | `poll` | time | 20 ms | ours |
/// | `patience` | time | 5 s | ours; `redis` 500 ms |
/// | `replicas` | replicas | 0 | ours |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisConfig {
    /// What the names of all keys begin with. In a cluster, with a hash tag that keeps them together.
    pub prefix: String,
    /// How long a feed that has room waits at the server for what is new before it looks for what others have not
    /// settled in time.
    pub poll: Duration,
    /// How long an answer is waited for, and a connection.
    pub patience: Duration,
    /// How many replicas must have a message for [`Acks::All`](cascadia_patterns::messaging::Acks::All).
    pub replicas: u32,
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            prefix: "cascadia:".to_owned(),
            poll: Duration::from_millis(20),
            patience: Duration::from_secs(5),
            replicas: 0,
        }
    }
}
