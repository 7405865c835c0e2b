use std::sync::Arc;

use cascadia_brokers::{Stations, brokers};
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId, Feed, Group, Lag,
    Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic,
    TopicSettings, TransactionalId,
};

use crate::config::RabbitConfig;
use crate::link::Link;
use crate::server::Server;

/// A broker on the quorum queues of RabbitMQ, at least once. What it makes of them is said in [the crate](crate).
#[derive(Clone, Debug)]
pub struct RabbitQueues(Arc<Server>);

impl RabbitQueues {
    /// A client of the server of a URL, such as `amqp://guest:guest@localhost:5672/%2f`. It dials when it is used, and must
    /// be used within tokio.
    pub fn new(url: &str, config: RabbitConfig) -> Self {
        let link = Link::new(url, config);
        Self(Arc::new(Server { link, stations: Stations::default(), offsets: Arc::default() }))
    }
}

brokers!(RabbitQueues);
