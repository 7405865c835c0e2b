use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cascadia_patterns::messaging::{Acks, BrokerError, Topic};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::IsError as _;
use rdkafka::producer::{FutureProducer, Producer as _};

use crate::config::KafkaConfig;
use crate::error::{is_absent, unavailable};

/// The way to a cluster: clients of it, which dial by themselves. Those that publish differ by what they wait for.
pub(crate) struct Link {
    servers: String,
    pub(crate) config: KafkaConfig,
    producers: Mutex<BTreeMap<Acks, FutureProducer>>,
    scout: Mutex<Option<Arc<BaseConsumer>>>,
    /// How many partitions topics have that are known.
    known: Mutex<BTreeMap<Topic, u32>>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("servers", &self.servers).finish_non_exhaustive()
    }
}

/// Does what takes its time.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BrokerError> + Send + 'static,
) -> Result<T, BrokerError> {
    tokio::task::spawn_blocking(work).await.map_err(unavailable)?
}

/// As the client is told times.
pub(crate) fn millis(time: Duration) -> String {
    time.as_millis().to_string()
}

impl Link {
    pub(crate) fn new(servers: &str, config: KafkaConfig) -> Self {
        Self {
            servers: servers.to_owned(),
            config,
            producers: Mutex::default(),
            scout: Mutex::default(),
            known: Mutex::default(),
        }
    }

    pub(crate) fn name(&self, of: impl fmt::Display) -> String {
        format!("{}{of}", self.config.prefix)
    }

    /// What all clients are made with.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut client = ClientConfig::new();
        client.set("bootstrap.servers", &self.servers);
        client.set("reconnect.backoff.max.ms", "1000");
        client
    }

    /// A client of a group, whether it is a member or only asks.
    pub(crate) fn of_group(&self, group: impl fmt::Display) -> ClientConfig {
        let mut client = self.client();
        client
            .set("group.id", self.name(group))
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("allow.auto.create.topics", "false");
        client
    }

    /// The client that publishes with these acknowledgements. One that can do nothing any more is replaced.
    pub(crate) fn producer(&self, acks: Acks) -> Result<FutureProducer, BrokerError> {
        let mut producers = self.producers.lock().unwrap_or_else(PoisonError::into_inner);
        producers.retain(|_, producer| producer.client().fatal_error().is_none());
        if let Some(producer) = producers.get(&acks) {
            return Ok(producer.clone());
        }
        let word = match acks {
            Acks::None => "0",
            Acks::Leader => "1",
            Acks::All => "all",
        };
        let mut client = self.client();
        client
            .set("acks", word)
            .set("enable.idempotence", (acks == Acks::All).to_string())
            .set("linger.ms", millis(self.config.linger))
            .set("message.timeout.ms", millis(self.config.delivery));
        let producer: FutureProducer = client.create().map_err(unavailable)?;
        producers.insert(acks, producer.clone());
        Ok(producer)
    }

    fn scout(&self) -> Result<Arc<BaseConsumer>, BrokerError> {
        let mut scout = self.scout.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scout) = &*scout {
            return Ok(Arc::clone(scout));
        }
        let mut client = self.client();
        client.set("allow.auto.create.topics", self.config.auto_create.to_string());
        Ok(Arc::clone(scout.insert(Arc::new(client.create().map_err(unavailable)?))))
    }

    /// How many partitions a topic has, as the cluster says now.
    pub(crate) async fn ask(self: &Arc<Self>, topic: &Topic) -> Result<u32, BrokerError> {
        let (link, topic) = (Arc::clone(self), topic.clone());
        blocking(move || {
            let (name, scout) = (link.name(&topic), link.scout()?);
            let asked = scout.fetch_metadata(Some(&name), link.config.patience);
            let asked = asked.map_err(unavailable)?;
            let found = asked.topics().iter().find(|found| found.name() == name);
            let absent = || BrokerError::NoTopic(topic.clone());
            let found = found.ok_or_else(absent)?;
            match found.error() {
                Some(error) if is_absent(error.into()) => return Err(absent()),
                Some(error) if error.is_error() => {
                    return Err(unavailable(rdkafka::types::RDKafkaErrorCode::from(error)));
                }
                _ => {}
            }
            let count = found.partitions().len() as u32;
            if count == 0 {
                return Err(absent());
            }
            let mut known = link.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(topic, count);
            Ok(count)
        })
        .await
    }

    /// How many it has, as is known here.
    pub(crate) async fn partitions(self: &Arc<Self>, topic: &Topic) -> Result<u32, BrokerError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(topic).copied();
        match known {
            Some(count) => Ok(count),
            None => self.ask(topic).await,
        }
    }

    pub(crate) fn forget(&self, topic: &Topic) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(topic);
    }
}
