use std::time::Duration;

/// Settings of a client of Kafka.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `prefix` | | `cascadia-` | ours |
/// | `poll` | time | 100 ms | ours |
/// | `patience` | time | 5 s | ours |
/// | `joining` | time | 10 s | ours |
/// | `linger` | time | 5 ms | Kafka 4.0 `linger.ms` |
/// | `delivery` | time | 120 s | Kafka `delivery.timeout.ms` |
/// | `session` | time | 45 s | Kafka `session.timeout.ms` |
/// | `heartbeat` | time | 3 s | Kafka `heartbeat.interval.ms` |
/// | `replicas` | brokers | 1 | Kafka `default.replication.factor` |
/// | `auto_create` | | no | Kafka `allow.auto.create.topics`, which is yes |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KafkaConfig {
    /// What the names of all topics and groups begin with.
    pub prefix: String,
    /// How long a feed waits at a time: one that is dropped leaves its group when that is over, at the latest.
    pub poll: Duration,
    /// How long an answer is waited for that is not one to a message.
    pub patience: Duration,
    /// How long whoever subscribes waits for its group to say what it is given. It is subscribed afterwards, too.
    pub joining: Duration,
    /// How long a message waits for others that go with it.
    pub linger: Duration,
    /// How long the client goes on to send a message.
    pub delivery: Duration,
    /// How long a member of a group that is silent has its partitions.
    pub session: Duration,
    /// How often a member says that it is there.
    pub heartbeat: Duration,
    /// How many brokers have a topic that is declared.
    pub replicas: u32,
    /// Whether a topic that is not there is made by the server when it is asked for, with the settings that the server has
    /// for those. None can be declared then.
    pub auto_create: bool,
}

impl Default for KafkaConfig {
    fn default() -> Self {
        Self {
            prefix: "cascadia-".to_owned(),
            poll: Duration::from_millis(100),
            patience: Duration::from_secs(5),
            joining: Duration::from_secs(10),
            linger: Duration::from_millis(5),
            delivery: Duration::from_secs(120),
            session: Duration::from_secs(45),
            heartbeat: Duration::from_secs(3),
            replicas: 1,
            auto_create: false,
        }
    }
}
