use std::sync::Arc;

use cascadia_runtime::{Runtime, Stream};
use tokio::sync::oneshot;

use super::config::ProducerConfig;
use super::driver::drive;
use super::fate::{Doubt, Fate, ProducerCounts};
use super::shared::Shared;
use crate::messaging::{Broker, BrokerError, Message, Topic};
use crate::sync::lock;

/// Publishes messages in batches. Clones share one buffer.
///
/// When the last of them is dropped, what was taken is still sent.
#[derive(Clone, Debug)]
pub struct Producer<R: Runtime>(Arc<Owner<R>>);

#[derive(Debug)]
struct Owner<R: Runtime>(Arc<Shared<R>>);

impl<R: Runtime> Drop for Owner<R> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// A message that was taken, or has ended at once.
#[derive(Debug)]
pub struct Sending(oneshot::Receiver<Fate>);

impl Sending {
    /// Waits for its end. Dropped, the message is sent all the same.
    pub async fn fate(self) -> Fate {
        self.0.await.unwrap_or(Fate::Unknown(Doubt::Gone))
    }
}

impl<R: Runtime> Producer<R> {
    /// One that publishes to a broker.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](BrokerError::Unsupported) where the broker cannot do what the configuration asks for;
    /// [`Invalid`](BrokerError::Invalid).
    pub fn new(
        config: ProducerConfig,
        world: R,
        stream: Stream,
        broker: Arc<dyn Broker>,
    ) -> Result<Self, BrokerError> {
        config.check()?;
        broker.can().allow(config.needs())?;
        let shared = Arc::new(Shared::new(config, world, stream, broker));
        // It ends when it is closed; nobody has to wait for that.
        drop(shared.world.spawn(drive(Arc::clone(&shared))));
        Ok(Self(Arc::new(Owner(shared))))
    }

    /// Publishes a message and waits for its end.
    pub async fn send(&self, topic: impl Into<Topic>, message: Message) -> Fate {
        self.enqueue(topic, message).await.fate().await
    }

    /// Waits until a message is taken, and not for its end. Messages that one caller has taken one after the other are
    /// published in that order where they are of one partition.
    pub async fn enqueue(&self, topic: impl Into<Topic>, message: Message) -> Sending {
        let (waiter, fate) = oneshot::channel();
        self.0.0.take(topic.into(), message, Some(waiter)).await;
        Sending(fate)
    }

    /// Fire and forget: as [`enqueue`](Self::enqueue), but its end is only counted.
    pub async fn post(&self, topic: impl Into<Topic>, message: Message) {
        self.0.0.take(topic.into(), message, None).await;
    }

    /// Sends what is there without waiting for more, and waits until all that was taken so far has
    /// ended: no longer than the delivery timeout.
    pub async fn flush(&self) {
        self.0.0.flush().await;
    }

    /// Takes nothing more, and waits until everything has ended: no longer than the delivery timeout.
    pub async fn close(&self) -> ProducerCounts {
        self.0.0.close();
        self.0.0.wait(|state| !state.is_driven).await;
        self.counts()
    }

    /// How the messages ended so far.
    pub fn counts(&self) -> ProducerCounts {
        lock(&self.0.0.state).core.counts()
    }
}
