use super::systems::{JETSTREAM, KAFKA, RABBITMQ, REDIS, REDIS_PUBSUB};
use super::table::System;
use crate::decode::words;

/// A system whose defaults a broker may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Like {
    JetStream,
    Kafka,
    RabbitMq,
    Redis,
    RedisPubSub,
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
        /// Redis pub/sub: channels, which keep nothing for who is not there.
        redis_pubsub => Like::RedisPubSub,
    }
}

impl Like {
    pub(super) const ALL: [Self; 5] =
        [Self::Kafka, Self::RabbitMq, Self::JetStream, Self::Redis, Self::RedisPubSub];

    pub(super) const fn system(self) -> &'static System {
        match self {
            Self::JetStream => &JETSTREAM,
            Self::Kafka => &KAFKA,
            Self::RabbitMq => &RABBITMQ,
            Self::Redis => &REDIS,
            Self::RedisPubSub => &REDIS_PUBSUB,
        }
    }
}
