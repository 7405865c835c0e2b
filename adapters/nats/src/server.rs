use std::sync::Arc;

use async_nats::Subject;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull};
use async_nats::jetstream::context::{CreateStreamErrorKind, GetStreamErrorKind};
use async_nats::jetstream::stream::{
    Config, ConsumerErrorKind, DiscardPolicy, StorageType, Stream,
};
use cascadia_brokers::{StationFeed, Stations, invalid, need_none};
use cascadia_patterns::messaging::{
    Acks, Batch, BrokerError, Capabilities, Capability, Feed, Group, Lag, Offset, Partition,
    Receipt, Start, Subscription, Topic, TopicSettings,
};

use crate::carried::to_publish;
use crate::error::{answered, published, unavailable, unknown};
use crate::feeding::{Handle, feed};
use crate::link::Link;
use crate::names;
use crate::seat::Seat;

pub(crate) const CAN: [Capability; 14] = [
    Capability::Abandon,
    Capability::Attempts,
    Capability::Broadcast,
    Capability::Competing,
    Capability::Confirm,
    Capability::ConfirmAll,
    Capability::DeadLetter,
    Capability::Declare,
    Capability::Dedupe,
    Capability::Delay,
    Capability::Forget,
    Capability::Replay,
    Capability::Requeue,
    Capability::Working,
];

/// A server, and what its feeds hold of it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) link: Link,
    pub(crate) stations: Stations<Handle>,
}

impl Server {
    pub(crate) fn can(&self) -> Capabilities {
        Capabilities::from_iter(CAN)
    }

    fn name(&self, topic: &Topic) -> Result<String, BrokerError> {
        names::stream(&self.link.config.prefix, topic)
    }

    pub(crate) async fn declare(
        &self,
        topic: Topic,
        settings: TopicSettings,
    ) -> Result<(), BrokerError> {
        settings.check()?;
        self.can().allow(settings.needs())?;
        let name = self.name(&topic)?;
        let age = settings.retain_for.unwrap_or_default();
        let config = Config {
            subjects: vec![name.clone()],
            name,
            max_age: age,
            max_bytes: settings.retain_bytes.map_or(-1, |bytes| bytes as i64),
            discard: DiscardPolicy::Old,
            num_replicas: self.link.config.replicas,
            storage: match self.link.config.durable {
                true => StorageType::File,
                false => StorageType::Memory,
            },
            // A server refuses a window that is longer than what it keeps.
            duplicate_window: match age.is_zero() {
                true => settings.dedupe,
                false => settings.dedupe.min(age),
            },
            ..Config::default()
        };
        let made = self.link.context().await?.create_or_update_stream(config).await;
        made.map(drop).map_err(|error| match error.kind() {
            CreateStreamErrorKind::JetStream(error) => answered(&topic, &error),
            _ => unavailable(error),
        })
    }

    pub(crate) async fn remove(&self, topic: Topic) -> Result<(), BrokerError> {
        let name = self.name(&topic)?;
        match self.stream(&topic).await {
            Err(BrokerError::NoTopic(_)) => Ok(()),
            Err(error) => Err(error),
            Ok(_) => {
                let gone = self.link.context().await?.delete_stream(name).await;
                gone.map(drop).map_err(unavailable)
            }
        }
    }

    pub(crate) async fn stream(&self, topic: &Topic) -> Result<Stream, BrokerError> {
        let asked = self.link.context().await?.get_stream(self.name(topic)?).await;
        asked.map_err(|error| match error.kind() {
            GetStreamErrorKind::JetStream(error) => answered(topic, &error),
            _ => unavailable(error),
        })
    }

    pub(crate) async fn seek(&self, _: Group, _: Partition, _: Start) -> Result<(), BrokerError> {
        Err(Capability::SeekOffset.into())
    }

    pub(crate) async fn partitions(&self, topic: &Topic) -> Result<u32, BrokerError> {
        self.stream(topic).await.map(|_| 1)
    }

    /// One after another reach the server, and all are answered at the same time. Where one fails, others are there.
    pub(crate) async fn publish(&self, batch: Batch) -> Result<Receipt, BrokerError> {
        need_none(self.can(), &batch)?;
        let topic = &batch.to.topic;
        if batch.to.number != 0 {
            return Err(BrokerError::NoTopic(topic.clone()));
        }
        let (subject, context) = (Subject::from(self.name(topic)?), self.link.context().await?);
        let all: Result<Vec<_>, _> = batch.messages.iter().map(|it| to_publish(it)).collect();
        let mut answers = Vec::with_capacity(batch.messages.len());
        for message in all? {
            let sent = context.send_publish(subject.clone(), message).await;
            answers.push(sent.map_err(|error| match answers.is_empty() {
                true => published(topic, &error),
                false => unknown(error),
            })?);
        }
        if batch.acks == Acks::None {
            return Ok(Receipt::default());
        }
        let mut receipt = Receipt::default();
        for answer in answers {
            let answer = answer.await.map_err(|error| match receipt.first {
                None => published(topic, &error),
                Some(_) => unknown(error),
            })?;
            receipt.first = receipt.first.or(Some(Offset(answer.sequence)));
            receipt.added += u32::from(!answer.duplicate);
            receipt.duplicates += u32::from(answer.duplicate);
        }
        Ok(receipt)
    }

    pub(crate) async fn subscribe(&self, own: Subscription) -> Result<Box<dyn Feed>, BrokerError> {
        own.check()?;
        self.can().allow(own.needs())?;
        let [topic] = own.topics.as_slice() else {
            return Err(invalid("topics", "must be one"));
        };
        let mut dead = None;
        if let Some(topic) = &own.dead_letter {
            self.stream(topic).await?;
            dead = Some((topic.clone(), self.name(topic)?));
        }
        let context = self.link.context().await?;
        let seat = Arc::new(Seat {
            client: context.client(),
            consumer: self.consumer(topic, &own).await?,
            context,
            life: self.link.life(),
            topic: topic.clone(),
            group: own.group.to_string(),
            dead,
            attempts: own.attempts,
            backoff: own.backoff.clone(),
            late_ack: own.late_ack,
            abandoned: own.abandoned,
        });
        let station = self.stations.open_one(topic.clone(), &own);
        tokio::spawn(feed(seat, Arc::clone(&station), self.link.config.poll));
        Ok(Box::new(StationFeed::new(station)))
    }

    async fn consumer(
        &self,
        topic: &Topic,
        own: &Subscription,
    ) -> Result<PullConsumer, BrokerError> {
        let (name, stream) = (names::consumer(&own.group)?, self.stream(topic).await?);
        let there = stream.consumer_info(&name).await.ok();
        let fresh = match own.start {
            Start::Latest => DeliverPolicy::New,
            _ => DeliverPolicy::All,
        };
        let config = pull::Config {
            durable_name: Some(name),
            // Where a group has begun stays as it was, or the server refuses all of it.
            deliver_policy: there.map_or(fresh, |there| there.config.deliver_policy),
            ack_policy: AckPolicy::Explicit,
            ack_wait: own.ack_wait,
            // Each feed asks for no more than it has room for, and counts the attempts.
            max_ack_pending: -1,
            max_deliver: -1,
            ..pull::Config::default()
        };
        let made = stream.create_consumer(config).await;
        made.map_err(|error| match error.kind() {
            ConsumerErrorKind::JetStream(error) => answered(topic, &error),
            _ => unavailable(error),
        })
    }

    pub(crate) async fn lag(&self, group: Group, of: Partition) -> Result<Lag, BrokerError> {
        let stream = self.stream(&of.topic).await?;
        let Ok(info) = stream.consumer_info(names::consumer(&group)?).await else {
            return Ok(Lag::default());
        };
        let in_flight = info.num_ack_pending as u64;
        Ok(Lag { messages: info.num_pending + in_flight, in_flight, ..Lag::default() })
    }

    pub(crate) async fn forget(&self, group: Group, topic: Topic) -> Result<(), BrokerError> {
        let (name, stream) = (names::consumer(&group)?, self.stream(&topic).await?);
        if stream.consumer_info(&name).await.is_err() {
            return Ok(());
        }
        stream.delete_consumer(&name).await.map(drop).map_err(unavailable)
    }
}
