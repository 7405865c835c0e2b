use std::sync::Arc;

use cascadia_brokers::{invalid, need_none};
use cascadia_patterns::messaging::{
    Acks, Batch, BrokerError, Capabilities, Capability, Group, Keep, Offset, Receipt, Topic,
    TopicSettings,
};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication, TopicResult};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::producer::future_producer::{DeliveryFuture, FutureProducer, FutureRecord};
use tokio::time::{Duration, Instant};

use crate::carried::headers;
use crate::error::{is_absent, published, refused, unavailable, unknown};
use crate::link::Link;
use crate::members::Members;

pub(crate) const CAN: [Capability; 8] = [
    Capability::AckThrough,
    Capability::Broadcast,
    Capability::Confirm,
    Capability::ConfirmAll,
    Capability::Declare,
    Capability::Partitions,
    Capability::Replay,
    Capability::SeekOffset,
];

/// How long is waited for room among what the client has to send.
const CROWDED: Duration = Duration::from_millis(1);

/// What the cluster answers to what one topic was asked for, if not that it is done.
fn failure(asked: KafkaResult<Vec<TopicResult>>) -> Result<Option<RDKafkaErrorCode>, BrokerError> {
    match asked {
        Ok(answers) => Ok(answers.into_iter().find_map(Result::err).map(|(_, code)| code)),
        Err(KafkaError::AdminOp(code)) => Ok(Some(code)),
        Err(error) => Err(unavailable(error)),
    }
}

/// A cluster, and the members of its groups that are here.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) link: Arc<Link>,
    pub(crate) members: Arc<Members>,
}

impl Server {
    pub(crate) fn can(&self) -> Capabilities {
        let can = Capabilities::from_iter(CAN);
        if self.link.config.auto_create { can.without(Capability::Declare) } else { can }
    }

    pub(crate) async fn partitions(&self, topic: &Topic) -> Result<u32, BrokerError> {
        self.link.ask(topic).await
    }

    /// A group is forgotten by the cluster when nobody has been in it for days.
    pub(crate) async fn forget(&self, _: Group, _: Topic) -> Result<(), BrokerError> {
        Err(Capability::Forget.into())
    }

    fn admin(&self) -> Result<(AdminClient<DefaultClientContext>, AdminOptions), BrokerError> {
        let admin = self.link.client().create().map_err(unavailable)?;
        let patience = Some(self.link.config.patience);
        let options = AdminOptions::new().operation_timeout(patience).request_timeout(patience);
        Ok((admin, options))
    }

    pub(crate) async fn declare(
        &self,
        topic: Topic,
        settings: TopicSettings,
    ) -> Result<(), BrokerError> {
        settings.check()?;
        self.can().allow(settings.needs())?;
        if settings.keep != Keep::Log {
            return Err(invalid("keep", "must be log, as nothing is gone when it is done"));
        }
        let replicas = TopicReplication::Fixed(self.link.config.replicas as i32);
        let (name, of) = (self.link.name(&topic), settings.partitions as i32);
        let time = settings.retain_for.map_or(-1, |time| time.as_millis() as i64).to_string();
        let bytes = settings.retain_bytes.map_or(-1, |bytes| bytes as i64).to_string();
        let fresh = NewTopic::new(&name, of, replicas)
            .set("retention.ms", &time)
            .set("retention.bytes", &bytes);
        let (admin, options) = self.admin()?;
        let made = failure(admin.create_topics([&fresh], &options).await)?;
        self.link.forget(&topic);
        match made {
            None => Ok(()),
            Some(RDKafkaErrorCode::TopicAlreadyExists) => {
                match self.link.ask(&topic).await? >= settings.partitions {
                    true => Ok(()),
                    false => Err(invalid("partitions", "must not be more than it was made with")),
                }
            }
            Some(code) => Err(refused(code)),
        }
    }

    pub(crate) async fn remove(&self, topic: Topic) -> Result<(), BrokerError> {
        self.can().allow(Capabilities::from_iter([Capability::Declare]))?;
        let (admin, options) = self.admin()?;
        let name = self.link.name(&topic);
        let gone = failure(admin.delete_topics(&[&name], &options).await)?;
        self.link.forget(&topic);
        match gone {
            Some(code) if !is_absent(code) => Err(refused(code)),
            _ => Ok(()),
        }
    }

    /// The client sends them as it likes, in their order, and all are answered at the same time. Where one fails, others are
    /// there.
    pub(crate) async fn publish(&self, batch: Batch) -> Result<Receipt, BrokerError> {
        need_none(self.can(), &batch)?;
        let topic = &batch.to.topic;
        if batch.to.number >= self.link.partitions(topic).await? {
            return Err(BrokerError::NoTopic(topic.clone()));
        }
        let (name, producer) = (self.link.name(topic), self.link.producer(batch.acks)?);
        let mut answers = Vec::with_capacity(batch.messages.len());
        for message in &batch.messages {
            let mut record = FutureRecord::to(&name)
                .partition(batch.to.number as i32)
                .headers(headers(message)?);
            (record.key, record.payload) = (message.key.as_deref(), message.body.as_deref());
            let sent = self.send(&producer, record).await;
            answers.push(sent.map_err(|error| match answers.is_empty() {
                true => published(topic, &error),
                false => unknown(error),
            })?);
        }
        if batch.acks == Acks::None {
            return Ok(Receipt::default());
        }
        let mut first = None;
        for answer in answers {
            let told = answer.await.map_err(unknown)?.map_err(|(error, _)| match first {
                None => published(topic, &error),
                Some(_) => unknown(error),
            })?;
            first = first.or_else(|| u64::try_from(told.offset).ok().map(Offset));
        }
        Ok(Receipt { first, added: batch.messages.len() as u32, ..Receipt::default() })
    }

    /// Gives a message to the client, when that has room for it.
    async fn send(
        &self,
        producer: &FutureProducer,
        mut record: FutureRecord<'_, [u8], [u8]>,
    ) -> Result<DeliveryFuture, KafkaError> {
        let end = Instant::now() + self.link.config.patience;
        loop {
            match producer.send_result(record) {
                Ok(answer) => return Ok(answer),
                Err((error, again)) => {
                    let is_full = error.rdkafka_error_code() == Some(RDKafkaErrorCode::QueueFull);
                    if !is_full || Instant::now() >= end {
                        return Err(error);
                    }
                    record = again;
                    tokio::time::sleep(CROWDED).await;
                }
            }
        }
    }
}
