use std::fmt;
use std::sync::Arc;

use cascadia_runtime::Runtime;
use tokio::sync::oneshot;

use super::answer::{Answer, answered};
use super::feed::EmbeddedFeed;
use super::open::{delete, open, unavailable};
use super::rows::Rows;
use super::settling::by_source;
use super::shared::Shared;
use crate::call::BoxFuture;
use crate::config::{ConfigError, require};
use crate::messaging::acks::Acks;
use crate::messaging::batch::Batch;
use crate::messaging::broker::Broker;
use crate::messaging::capabilities::Capabilities;
use crate::messaging::conclusion::{Conclusion, End};
use crate::messaging::delivery::DeliveryId;
use crate::messaging::error::BrokerError;
use crate::messaging::feed::Feed;
use crate::messaging::identity::ProducerIdentity;
use crate::messaging::ids::{Group, Partition, Topic, TransactionalId};
use crate::messaging::lag::Lag;
use crate::messaging::receipt::Receipt;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::start::Start;
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;
use crate::store::Store;

/// The most bytes of a batch (Kafka `message.max.bytes`, about).
pub const MOST_BATCH_BYTES: usize = 1 << 20;

/// A broker within a process, on a store.
pub struct Embedded<R: Runtime>(Arc<Shared<R>>);

impl<R: Runtime> Embedded<R> {
    /// The broker of this name in a store, with all that was published to it there. An earlier one of the same name is
    /// fenced: it can write nothing from now on, and says so.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or holds what no broker has written.
    pub async fn open(
        world: R,
        store: Arc<dyn Store>,
        name: impl Into<Arc<str>>,
    ) -> Result<Self, BrokerError> {
        let state = open(&world, &store, Rows::new(name.into())).await?;
        let shared = Shared::new(world, store, state);
        drop(shared.world.spawn(Arc::clone(&shared).write()));
        drop(shared.world.spawn(Arc::clone(&shared).tick()));
        Ok(Self(shared))
    }

    fn unless(&self, checked: Result<(), BrokerError>) -> Result<Arc<Shared<R>>, BrokerError> {
        checked.map(|()| Arc::clone(&self.0))
    }
}

impl<R: Runtime> fmt::Debug for Embedded<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("store", &self.0.store).finish_non_exhaustive()
    }
}

impl<R: Runtime> Drop for Embedded<R> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<R: Runtime> Shared<R> {
    async fn publish(&self, batch: Batch) -> Result<Receipt, BrokerError> {
        let (sender, answer) = oneshot::channel();
        let acks = batch.acks;
        self.act(|state, now| {
            state.check()?;
            let ticket = state.ask(Answer::Published(sender));
            state.publish(now, ticket, batch);
            Ok::<_, BrokerError>(())
        })?;
        if acks == Acks::None {
            return Ok(Receipt::default());
        }
        answered(answer).await?
    }

    async fn settle(
        &self,
        ids: &[DeliveryId],
        settle: &Settle,
    ) -> Result<Vec<Settled>, BrokerError> {
        let parts = by_source(ids);
        let asked = self.act(|state, now| {
            state.check()?;
            let asked = parts.iter().map(|(source, part)| state.settle(now, source, part, settle));
            Ok::<_, BrokerError>(asked.collect::<Vec<_>>())
        })?;
        let mut settled = vec![Settled::Gone; ids.len()];
        for (part, answer) in parts.values().zip(asked) {
            let Some(answer) = answer else { continue };
            for (place, told) in part.places.iter().zip(answered(answer).await?) {
                settled[*place] = told;
            }
        }
        Ok(settled)
    }
}

fn check_batch(batch: &Batch) -> Result<(), BrokerError> {
    let some: Result<_, ConfigError> =
        require(!batch.messages.is_empty(), "messages", "must not be empty");
    some?;
    let numbered = batch.numbered.is_some() || !batch.transactional;
    require(numbered, "transactional", "must be numbered")?;
    if batch.size() > MOST_BATCH_BYTES { Err(BrokerError::TooLarge) } else { Ok(()) }
}

impl<R: Runtime> Broker for Embedded<R> {
    fn can(&self) -> Capabilities {
        Capabilities::all()
    }

    fn declare(&self, topic: Topic, settings: TopicSettings) -> BoxFuture<Result<(), BrokerError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(
            async move { shared.durably(|state, now| state.declare(now, &topic, &settings)).await },
        )
    }

    fn remove(&self, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            let (gone, rows) =
                shared.durably(|state, _| Ok((state.remove(&topic), state.rows.clone()))).await?;
            delete(&shared.store, &rows, &gone).await.map_err(unavailable)
        })
    }

    fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            shared.act(|state, _| state.known(&topic).map(|known| known.places.len() as u32))
        })
    }

    fn identify(
        &self,
        name: Option<TransactionalId>,
    ) -> BoxFuture<Result<ProducerIdentity, BrokerError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            let Some(name) = name else { return shared.act(|state, _| state.new_producer()) };
            let (producer, abort) = shared.durably(|state, _| state.identify(&name)).await?;
            if let Some(decision) = abort {
                shared.carry_out_anyway(decision).await?;
            }
            Ok(producer)
        })
    }

    fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
        let shared = self.unless(check_batch(&batch));
        Box::pin(async move { shared?.publish(batch).await })
    }

    fn conclude(&self, conclusion: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            let asked_to_commit = matches!(conclusion.end, End::Commit(_));
            let decided = shared.act(|state, now| {
                state.check()?;
                state.decide(now, &conclusion)
            })?;
            let Some(decision) = decided else { return Ok(()) };
            let is_as_asked = decision.commit == asked_to_commit;
            shared.carry_out_anyway(decision).await?;
            if is_as_asked { Ok(()) } else { Err(BrokerError::Fenced) }
        })
    }

    fn subscribe(
        &self,
        subscription: Subscription,
    ) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
        let allowed = self.can().allow(subscription.needs()).map_err(BrokerError::from);
        let checked = allowed.and_then(|()| Ok(subscription.check()?));
        let shared = self.unless(checked);
        Box::pin(async move {
            let shared = shared?;
            let id = shared.durably(|state, now| state.subscribe(now, subscription)).await?;
            let feed: Box<dyn Feed> = Box::new(EmbeddedFeed { shared, id });
            Ok(feed)
        })
    }

    fn settle(
        &self,
        ids: &[DeliveryId],
        settle: Settle,
    ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
        let (shared, ids) = (Arc::clone(&self.0), ids.to_vec());
        Box::pin(async move { shared.settle(&ids, &settle).await })
    }

    fn seek(
        &self,
        group: Group,
        partition: Partition,
        to: Start,
    ) -> BoxFuture<Result<(), BrokerError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            shared.durably(|state, now| state.seek(now, &group, &partition, to)).await
        })
    }

    fn lag(&self, group: Group, partition: Partition) -> BoxFuture<Result<Lag, BrokerError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.act(|state, now| state.lag(now, &group, &partition)) })
    }

    fn forget(&self, group: Group, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.durably(|state, _| state.forget_group(&group, &topic)).await })
    }
}
