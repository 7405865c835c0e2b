use std::sync::Arc;

use cascadia_brokers::brokers;
use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Capabilities, Capability, Conclusion, DeliveryId, Feed, Group, Lag,
    Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic,
    TopicSettings, TransactionalId,
};

use crate::config::KafkaConfig;
use crate::link::Link;
use crate::members::Members;
use crate::server::Server;

/// A broker on the logs of Kafka, at least once. What it makes of them is said in [the crate](crate).
#[derive(Clone, Debug)]
pub struct KafkaLogs(Arc<Server>);

impl KafkaLogs {
    /// A client of the cluster of some addresses, such as `localhost:9092`, with commas between them. It dials when it is
    /// used, and must be used within tokio.
    pub fn new(servers: &str, config: KafkaConfig) -> Self {
        let (link, members) = (Arc::new(Link::new(servers, config)), Arc::<Members>::default());
        Self(Arc::new(Server { link, members }))
    }
}

brokers!(KafkaLogs);
