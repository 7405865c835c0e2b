//! The systems: their defaults, and what they do otherwise.

mod jetstream;
mod kafka;
mod rabbitmq;
mod redis;
mod redis_pubsub;

pub(super) use self::jetstream::JETSTREAM;
pub(super) use self::kafka::KAFKA;
pub(super) use self::rabbitmq::RABBITMQ;
pub(super) use self::redis::REDIS;
pub(super) use self::redis_pubsub::REDIS_PUBSUB;
