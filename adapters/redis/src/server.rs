use std::sync::Arc;

use cascadia_brokers::{Stations, invalid, need_none};
use cascadia_patterns::messaging::{
    Acks, Batch, BrokerError, Capabilities, Capability, Group, Keep, Partition, Receipt, Start,
    Topic, TopicSettings,
};
use redis::{AsyncCommands, cmd};

use crate::entry::{fields, offset};
use crate::error::{meaning, unknown};
use crate::feeding::Handle;
use crate::link::Link;
use crate::scripts::PUBLISH;

/// What streams can do with what happens here.
pub(crate) const CAN: [Capability; 13] = [
    Capability::Abandon,
    Capability::Attempts,
    Capability::Broadcast,
    Capability::Competing,
    Capability::Confirm,
    Capability::ConfirmAll,
    Capability::DeadLetter,
    Capability::Declare,
    Capability::Forget,
    Capability::OnDelivery,
    Capability::Replay,
    Capability::Requeue,
    Capability::Working,
];

/// A server, and what its feeds hold of it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) link: Arc<Link>,
    pub(crate) stations: Stations<Handle>,
}

impl Server {
    pub(crate) fn can(&self) -> Capabilities {
        Capabilities::from_iter(CAN)
    }

    pub(crate) async fn declare(
        &self,
        topic: Topic,
        settings: TopicSettings,
    ) -> Result<(), BrokerError> {
        settings.check()?;
        self.can().allow(settings.needs())?;
        if settings.retain_bytes.is_some() {
            return Err(invalid("retain_bytes", "is nothing that a stream knows"));
        }
        let (stream, kept) = (self.link.key(&topic), self.link.settings(&topic));
        let mut connection = self.link.connection().await?;
        let mut all = redis::pipe();
        all.atomic().del(&kept).ignore();
        let keep = if settings.keep == Keep::Unsettled { "unsettled" } else { "log" };
        all.hset(&kept, "keep", keep).ignore();
        if let Some(retain) = settings.retain_for {
            all.hset(&kept, "retain", retain.as_millis() as u64).ignore();
        }
        // There is no other way to an empty stream.
        all.cmd("XGROUP").arg("CREATE").arg(&stream).arg(".new").arg("$").arg("MKSTREAM").ignore();
        all.cmd("XGROUP").arg("DESTROY").arg(&stream).arg(".new").ignore();
        let done: Result<(), _> = all.query_async(&mut connection).await;
        match done {
            Err(error) => Err(self.link.failed(&topic, error, meaning).await),
            Ok(()) => Ok(()),
        }
    }

    pub(crate) async fn seek(&self, _: Group, _: Partition, _: Start) -> Result<(), BrokerError> {
        Err(Capability::SeekOffset.into())
    }

    pub(crate) async fn partitions(&self, topic: &Topic) -> Result<u32, BrokerError> {
        self.exists(topic).await.map(|()| 1)
    }

    pub(crate) async fn exists(&self, topic: &Topic) -> Result<(), BrokerError> {
        let mut connection = self.link.connection().await?;
        match connection.exists(self.link.key(topic)).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(BrokerError::NoTopic(topic.clone())),
            Err(error) => Err(self.link.failed(topic, error, meaning).await),
        }
    }

    pub(crate) async fn remove(&self, topic: Topic) -> Result<(), BrokerError> {
        let mut connection = self.link.connection().await?;
        let both = [self.link.key(&topic), self.link.settings(&topic)];
        match connection.del(&both).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.link.failed(&topic, error, meaning).await),
        }
    }

    pub(crate) async fn publish(&self, batch: Batch) -> Result<Receipt, BrokerError> {
        need_none(self.can(), &batch)?;
        let topic = batch.to.topic.clone();
        if batch.to.number != 0 {
            return Err(BrokerError::NoTopic(topic));
        }
        let mut connection = self.link.connection().await?;
        let mut asked = PUBLISH.key(self.link.key(&topic));
        asked.key(self.link.settings(&topic));
        for message in &batch.messages {
            let fields = fields(message);
            asked.arg(2 * fields.len());
            for (name, value) in fields {
                asked.arg(name).arg(value);
            }
        }
        let added: Result<Option<String>, _> = asked.invoke_async(&mut connection).await;
        let first = match added {
            Ok(first) => first.ok_or_else(|| BrokerError::NoTopic(topic.clone()))?,
            Err(error) => return Err(self.link.failed(&topic, error, unknown).await),
        };
        if batch.acks == Acks::None {
            return Ok(Receipt::default());
        }
        self.replicate(&topic, batch.acks).await?;
        let added = batch.messages.len() as u32;
        Ok(Receipt { first: Some(offset(&first)), added, ..Receipt::default() })
    }

    /// Waits for the replicas that the settings ask for.
    async fn replicate(&self, topic: &Topic, acks: Acks) -> Result<(), BrokerError> {
        let replicas = self.link.config.replicas;
        if acks < Acks::All || replicas == 0 {
            return Ok(());
        }
        let mut connection = self.link.connection().await?;
        let patience = self.link.config.patience.as_millis() as u64;
        let asked: Result<u32, _> =
            cmd("WAIT").arg(replicas).arg(patience).query_async(&mut connection).await;
        match asked {
            Ok(had) if had >= replicas => Ok(()),
            Ok(had) => Err(BrokerError::Unknown(format!("{had} of {replicas} replicas have it"))),
            Err(error) => Err(self.link.failed(topic, error, unknown).await),
        }
    }
}
