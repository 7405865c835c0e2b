use super::systems::{JETSTREAM, KAFKA, RABBITMQ, REDIS};
use crate::decode::words;

/// A system whose defaults a broker may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Like {
    JetStream,
    Kafka,
    RabbitMq,
    Redis,
}

words! {
    /// A system whose defaults a broker has.
    "Like" for Like {
        /// NATS JetStream: a stream of one subject, and pull consumers.
        jetstream => Like::JetStream,
        /// Apache Kafka: a log, and groups that share partitions.
        kafka => Like::Kafka,
        /// RabbitMQ: a durable classic queue, and a publisher without confirms.
        rabbitmq => Like::RabbitMq,
        /// Redis Streams, with an append-only file.
        redis => Like::Redis,
    }
}

impl Like {
    pub(super) const ALL: [Self; 4] = [Self::Kafka, Self::RabbitMq, Self::JetStream, Self::Redis];

    pub(super) const fn system(self) -> &'static System {
        match self {
            Self::JetStream => &JETSTREAM,
            Self::Kafka => &KAFKA,
            Self::RabbitMq => &RABBITMQ,
            Self::Redis => &REDIS,
        }
    }
}

/// The defaults of a system, by where they stand in a file.
#[derive(Debug)]
pub(super) struct System {
    /// Its name, and the version that the defaults are of, unless one says otherwise.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) broker: &'static [Row],
    pub(super) topic: &'static [Row],
    pub(super) publish: &'static [Row],
    pub(super) consume: &'static [Row],
    pub(super) differences: &'static [Difference],
}

/// A default.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: &'static str,
    /// As it is written in a file.
    pub(super) value: &'static str,
    /// What it is there, and what that is called.
    pub(super) from: &'static str,
}

pub(super) const fn row(key: &'static str, value: &'static str, from: &'static str) -> Row {
    Row { key, value, from }
}

/// What the system does otherwise, whatever is set.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) what: &'static str,
    pub(super) there: &'static str,
    pub(super) here: &'static str,
    /// The tests that show what is here, or nothing.
    pub(super) tests: &'static [&'static str],
}
