use std::sync::Arc;

use cascadia_brokers::{Stations, brokers};
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId, Feed, Group, Lag,
    Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic,
    TopicSettings, TransactionalId,
};

use crate::config::RedisConfig;
use crate::link::Link;
use crate::server::Server;

/// A broker on Redis Streams, at least once. What it makes of them is said in [the crate](crate).
#[derive(Clone, Debug)]
pub struct RedisStreams(Arc<Server>);

impl RedisStreams {
    /// A client of the server of a URL, such as `redis://localhost:6379`. It dials when it is used, and must be used
    /// within tokio.
    ///
    /// # Errors
    ///
    /// When that is no URL of a server.
    pub fn new(url: &str, config: RedisConfig) -> Result<Self, BrokerError> {
        let link = Arc::new(Link::new(url, config)?);
        Ok(Self(Arc::new(Server { link, stations: Stations::default() })))
    }
}

brokers!(RedisStreams);
