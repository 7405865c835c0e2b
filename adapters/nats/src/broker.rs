use std::sync::Arc;

use cascadia_brokers::{Stations, brokers};
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId, Feed, Group, Lag,
    Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic,
    TopicSettings, TransactionalId,
};

use crate::config::NatsConfig;
use crate::link::Link;
use crate::names;
use crate::server::Server;

/// A broker on JetStream, at least once. What it makes of it is said in [the crate](crate).
#[derive(Clone, Debug)]
pub struct NatsStreams(Arc<Server>);

impl NatsStreams {
    /// A client of the server of an address, such as `localhost:4222`. It dials when it is used, and must be used within
    /// tokio.
    ///
    /// # Errors
    ///
    /// When the prefix is none.
    pub fn new(address: &str, config: NatsConfig) -> Result<Self, BrokerError> {
        names::stream(&config.prefix, &Topic::from("any"))?;
        let link = Link::new(address, config);
        Ok(Self(Arc::new(Server { link, stations: Stations::default() })))
    }
}

brokers!(NatsStreams);
