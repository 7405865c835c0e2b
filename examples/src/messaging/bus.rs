use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::consumer::{AckWhen, ConsumerConfig, Order};
use cascadia_patterns::messaging::embedded::Embedded;
use cascadia_patterns::messaging::producer::{Producer, ProducerConfig};
use cascadia_patterns::messaging::{Broker, BrokerError, Capability, Start, Topic, TopicSettings};
use cascadia_patterns::store::MemoryStore;
use cascadia_runtime::{Stream, TokioWorld};

type Open = Box<dyn Fn() -> BoxFuture<Result<Arc<dyn Broker>, BrokerError>> + Send + Sync>;

/// Where the messages are: whose brokers are asked for, each of which has nothing in it yet.
pub struct Bus {
    open: Open,
    quiet: Duration,
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("quiet", &self.quiet).finish_non_exhaustive()
    }
}

impl Bus {
    /// Brokers in this process.
    pub fn embedded() -> Self {
        let open = || async {
            let store = Arc::new(MemoryStore::new());
            let broker = Embedded::open(TokioWorld::new(), store, "bus").await?;
            Ok(Arc::new(broker) as Arc<dyn Broker>)
        };
        Self { open: Box::new(move || Box::pin(open())), quiet: Duration::from_millis(1_200) }
    }

    /// Clients of a server, each with names of its own, where nothing more comes when nothing has come for so long.
    pub fn of(
        quiet: Duration,
        open: impl Fn() -> Result<Arc<dyn Broker>, BrokerError> + Send + Sync + 'static,
    ) -> Self {
        Self { open: Box::new(move || Box::pin(std::future::ready(open()))), quiet }
    }

    /// A broker with these topics: logs, or queues where it keeps nothing that is done.
    ///
    /// # Errors
    ///
    /// As for the broker.
    pub async fn open(&self, topics: &[&str]) -> Result<Arc<dyn Broker>, BrokerError> {
        let broker = (self.open)().await?;
        let can = broker.can();
        let settings = match can.has(Capability::Replay) {
            true => TopicSettings::log(1),
            false => TopicSettings::queue(),
        };
        for topic in topics.iter().filter(|_| can.has(Capability::Declare)) {
            broker.declare(Topic::from(*topic), settings.clone()).await?;
        }
        Ok(broker)
    }

    /// How long nothing comes when nothing more does.
    pub const fn quiet(&self) -> Duration {
        self.quiet
    }

    /// A consumer as far as a broker can have it: without a replay, it has what comes when it is there; where deliveries are not
    /// counted, they have no limit; and where nothing can be given back, it tries again itself, if it tries anything again.
    pub fn fitted(broker: &Arc<dyn Broker>, config: ConsumerConfig) -> ConsumerConfig {
        let (can, mut config) = (broker.can(), config);
        if !can.has(Capability::Replay) {
            config.subscription.start = Start::Latest;
        }
        if !can.has(Capability::Attempts) {
            config.subscription.attempts = None;
        }
        if !can.has(Capability::Requeue) && config.ack != AckWhen::Before {
            (config.order, config.extend) = (Order::Key, false);
        }
        config
    }

    /// A producer of a broker, which knows its batches again if that does.
    ///
    /// # Errors
    ///
    /// As for the producer.
    pub fn producer(
        broker: &Arc<dyn Broker>,
        config: ProducerConfig,
    ) -> Result<Producer<TokioWorld>, BrokerError> {
        let idempotent = config.idempotent && broker.can().has(Capability::Idempotence);
        let config = ProducerConfig { idempotent, ..config };
        Producer::new(config, TokioWorld::new(), Stream::from_entropy(), Arc::clone(broker))
    }
}
