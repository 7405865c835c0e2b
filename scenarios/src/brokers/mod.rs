//! Brokers of a file: `"bus": { "topics": { "orders": { "partitions": 3 } } }`.

mod read;
mod shape;
mod topic;

pub(crate) use self::read::{BrokerEl, broker};
pub(crate) use self::shape::Broker;
