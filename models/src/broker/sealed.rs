use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Bytes, Capabilities, Conclusion, DeliveryId, Feed, Group, Lag,
    Message, Partition, ProducerIdentity, Receipt, Settle, Settled, Start, Subscription, Topic,
    TopicSettings, TransactionalId, key_hash,
};

use super::client::{Remote, RemoteBroker};
use super::note::{LEAST_BYTES, Note};
use super::spot::Spot;
use crate::exchange::Origin;

/// A broker for those whose messages say something of their own: what this simulation must know of a message is put before that.
#[derive(Clone, Debug)]
pub(crate) struct Sealed(RemoteBroker);

/// A message as it was before it was sealed.
pub(super) fn unsealed(message: &Message) -> Message {
    let own = message.bytes().get(LEAST_BYTES..).unwrap_or_default();
    Message { body: Some(Bytes::from(own)), ..message.clone() }
}

impl Sealed {
    pub(crate) fn new(remote: &Arc<Remote>) -> Self {
        Self(RemoteBroker(Arc::clone(remote)))
    }

    /// A message, sealed, of which the witness is told that somebody begins to publish it.
    fn seal(&self, topic: usize, message: &Message) -> (Spot, Message) {
        let Remote { life, hub, .. } = &*self.0.0;
        let name = message.id.as_ref().map_or(&[][..], |id| id.as_str().as_bytes());
        let key = (u64::from(key_hash(name)) << 32) | u64::from(fnv(name));
        let mut witness = hub.witness.borrow_mut();
        let spot = witness.known_or_next(topic, key);
        let place = life.place().id();
        let trace = Origin::own_trace(place, key);
        let origin = Origin::Own { place };
        let note = Note { spot, key, origin, trace, priority: 0, depth: 0 };
        let body = Bytes::from([&note.write(0)[..], message.bytes()].concat());
        let subject = message.key.as_deref().map(key_hash);
        witness.begun(spot, body.downgrade(), subject, life.now());
        (spot, Message { body: Some(body), ..message.clone() })
    }
}

/// The hash of Fowler, Noll and Vo, 32 bits wide.
fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(16_777_619))
}

impl Broker for Sealed {
    fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
        let Some(topic) = self.0.0.hub.plan.topic(&batch.to.topic) else {
            return Box::pin(async move { Err(BrokerError::NoTopic(batch.to.topic)) });
        };
        let sealed = batch.messages.iter().map(|message| self.seal(topic, message));
        let (spots, messages): (Vec<_>, Vec<_>) = sealed.unzip();
        let messages = messages.into_iter().map(Arc::new).collect();
        let answer = self.0.publish(Batch { messages, ..batch });
        let remote = Arc::clone(&self.0.0);
        Box::pin(async move {
            let receipt = answer.await?;
            let mut witness = remote.hub.witness.borrow_mut();
            spots.into_iter().for_each(|spot| witness.published(spot, true));
            Ok(receipt)
        })
    }

    fn can(&self) -> Capabilities {
        self.0.can()
    }

    fn declare(&self, topic: Topic, of: TopicSettings) -> BoxFuture<Result<(), BrokerError>> {
        self.0.declare(topic, of)
    }

    fn remove(&self, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        self.0.remove(topic)
    }

    fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>> {
        self.0.partitions(topic)
    }

    fn identify(
        &self,
        name: Option<TransactionalId>,
    ) -> BoxFuture<Result<ProducerIdentity, BrokerError>> {
        self.0.identify(name)
    }

    fn conclude(&self, conclusion: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
        self.0.conclude(conclusion)
    }

    fn subscribe(&self, to: Subscription) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
        self.0.subscribe(to)
    }

    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        self.0.settle(ids, settle)
    }

    fn seek(
        &self,
        group: Group,
        partition: Partition,
        to: Start,
    ) -> BoxFuture<Result<(), BrokerError>> {
        self.0.seek(group, partition, to)
    }

    fn lag(&self, group: Group, partition: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        self.0.lag(group, partition)
    }

    fn forget(&self, group: Group, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        self.0.forget(group, topic)
    }
}
