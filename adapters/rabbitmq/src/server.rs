use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use cascadia_brokers::{Stations, invalid, need_none};
use cascadia_patterns::messaging::{
    Acks, Batch, BrokerError, Capabilities, Capability, Group, Keep, Partition, Receipt, Start,
    Topic, TopicSettings,
};
use cascadia_runtime::{Runtime, TokioWorld};
use lapin::options::{BasicPublishOptions, ExchangeDeclareOptions, ExchangeDeleteOptions};
use lapin::types::FieldTable;
use lapin::{Confirmation, ExchangeKind};

use crate::carried::properties;
use crate::error::{meaning, unknown};
use crate::link::Link;
use crate::taking::Handle;

pub(crate) const CAN: [Capability; 12] = [
    Capability::Attempts,
    Capability::Broadcast,
    Capability::Competing,
    Capability::Confirm,
    Capability::ConfirmAll,
    Capability::DeadLetter,
    Capability::Declare,
    Capability::Exclusive,
    Capability::Expiry,
    Capability::Forget,
    Capability::Requeue,
    Capability::Working,
];

/// A server, and what its feeds hold of it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) link: Link,
    pub(crate) stations: Stations<Handle>,
    pub(crate) offsets: Arc<AtomicU64>,
}

impl Server {
    pub(crate) fn can(&self) -> Capabilities {
        let can = Capabilities::from_iter(CAN);
        if self.link.config.durable { can } else { can.without(Capability::Attempts) }
    }

    pub(crate) async fn declare(
        &self,
        topic: Topic,
        settings: TopicSettings,
    ) -> Result<(), BrokerError> {
        settings.check()?;
        self.can().allow(settings.needs())?;
        if settings.keep != Keep::Unsettled {
            return Err(invalid("keep", "must be unsettled, as an exchange keeps nothing"));
        }
        if settings.retain_for.is_some() || settings.retain_bytes.is_some() {
            return Err(invalid("retain_for", "must be none, as must retain_bytes"));
        }
        if settings.time_to_live.is_some() {
            return Err(invalid("time_to_live", "must be none, as it is for each message to say"));
        }
        self.exchange(&topic, false).await
    }

    pub(crate) async fn seek(&self, _: Group, _: Partition, _: Start) -> Result<(), BrokerError> {
        Err(Capability::Replay.into())
    }

    pub(crate) async fn partitions(&self, topic: &Topic) -> Result<u32, BrokerError> {
        self.exists(topic).await.map(|()| 1)
    }

    pub(crate) async fn exists(&self, topic: &Topic) -> Result<(), BrokerError> {
        self.exchange(topic, true).await
    }

    /// Makes the exchange of a topic, or only looks whether it is there.
    async fn exchange(&self, topic: &Topic, passive: bool) -> Result<(), BrokerError> {
        let channel = self.link.channel().await?;
        let durable = self.link.config.durable;
        let options =
            ExchangeDeclareOptions { passive, durable, ..ExchangeDeclareOptions::default() };
        let name = self.link.exchange(topic)?;
        let made = channel
            .exchange_declare(name, ExchangeKind::Fanout, options, FieldTable::default())
            .await;
        made.map_err(|error| meaning(topic, &error))?;
        drop(channel.close(200, "done".into()).await);
        Ok(())
    }

    pub(crate) async fn remove(&self, topic: Topic) -> Result<(), BrokerError> {
        let channel = self.link.channel().await?;
        let name = self.link.exchange(&topic)?;
        let gone = channel.exchange_delete(name, ExchangeDeleteOptions::default()).await;
        gone.map_err(|error| meaning(&topic, &error))?;
        drop(channel.close(200, "done".into()).await);
        Ok(())
    }

    /// One after another reach the server, and all are confirmed at the same time. Where one fails, others are there.
    pub(crate) async fn publish(&self, batch: Batch) -> Result<Receipt, BrokerError> {
        need_none(self.can(), &batch)?;
        let topic = &batch.to.topic;
        if batch.to.number != 0 {
            return Err(BrokerError::NoTopic(topic.clone()));
        }
        let (durable, now) = (self.link.config.durable, TokioWorld::new().wall());
        let all: Result<Vec<_>, _> =
            batch.messages.iter().map(|it| properties(it, durable, now)).collect();
        let (all, channel) = (all?, self.link.publishing().await?);
        let mut confirms = Vec::with_capacity(batch.messages.len());
        let name = self.link.exchange(topic)?;
        for (message, properties) in batch.messages.iter().zip(all) {
            let (name, options) = (name.clone(), BasicPublishOptions::default());
            let sent =
                channel.basic_publish(name, "".into(), options, message.bytes(), properties).await;
            confirms.push(sent.map_err(|error| unknown(topic, &error))?);
        }
        if batch.acks == Acks::None {
            return Ok(Receipt::default());
        }
        let confirmed = async {
            for confirm in confirms {
                match confirm.await.map_err(|error| unknown(topic, &error))? {
                    Confirmation::Ack(_) => {}
                    _ => return Err(BrokerError::Unknown("it was not confirmed".to_owned())),
                }
            }
            Ok(())
        };
        let confirmed = tokio::time::timeout(self.link.config.patience, confirmed).await;
        confirmed.map_err(|late| BrokerError::Unknown(late.to_string()))??;
        Ok(Receipt { added: batch.messages.len() as u32, ..Receipt::default() })
    }
}
