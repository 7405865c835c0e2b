use std::sync::Arc;

use cascadia_brokers::{Stations, invalid};
use cascadia_patterns::messaging::{
    BrokerError, Capabilities, Capability, Group, Keep, Partition, Start, Topic, TopicSettings,
};
use redis::AsyncCommands;

use crate::error::meaning;
use crate::feeding::Handle;
use crate::link::Link;

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
}
