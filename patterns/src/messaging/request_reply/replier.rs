use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cascadia_runtime::{Runtime, Stream};

use crate::call::BoxFuture;
use crate::messaging::consumer::{Consumer, ConsumerConfig, ConsumerCounts, Fault, Handler};
use crate::messaging::producer::{Fate, Producer, Why};
use crate::messaging::{Broker, BrokerError, Delivery, Message, header};

/// What is replied to requests. A function of a delivery is one.
///
/// A request may come again, as any message: what must not be done twice goes through an
/// [`inbox`](crate::messaging::inbox), whose reply is then made anew.
pub trait Replies: Send + Sync + 'static {
    /// The reply to a request.
    fn reply(&self, request: Delivery) -> BoxFuture<Result<Message, Fault>>;
}

impl<F, W> Replies for F
where
    F: Fn(Delivery) -> W + Send + Sync + 'static,
    W: Future<Output = Result<Message, Fault>> + Send + 'static,
{
    fn reply(&self, request: Delivery) -> BoxFuture<Result<Message, Fault>> {
        Box::pin(self(request))
    }
}

/// Replies to requests until it is drained or dropped.
#[derive(Debug)]
pub struct Replier {
    consumer: Consumer,
    orphans: Arc<AtomicU64>,
}

impl Replier {
    /// One that has replies made to what a broker delivers. A request is acknowledged when its reply is published. Of poison, and of what
    /// fails for the last time by its own word, the requester is told.
    ///
    /// # Errors
    ///
    /// As for [`Consumer::start`].
    pub fn start<R: Runtime>(
        config: ConsumerConfig,
        world: R,
        stream: Stream,
        broker: Arc<dyn Broker>,
        producer: Producer<R>,
        replies: impl Replies,
    ) -> Result<Self, BrokerError> {
        let orphans = Arc::<AtomicU64>::default();
        let own = Arc::new(Own { replies, producer, orphans: Arc::clone(&orphans) });
        let consumer = Consumer::start(config, world, stream, broker, Responder(own))?;
        Ok(Self { consumer, orphans })
    }

    /// Takes no more requests, replies to those that it has, and ends.
    ///
    /// # Errors
    ///
    /// Why it ended before.
    pub async fn drain(self) -> Result<ConsumerCounts, BrokerError> {
        self.consumer.drain().await
    }

    /// What it has done so far.
    pub fn counts(&self) -> ConsumerCounts {
        self.consumer.counts()
    }

    /// Replies whose inbox is no more.
    pub fn orphans(&self) -> u64 {
        self.orphans.load(Ordering::Relaxed)
    }
}

struct Responder<R: Runtime, H>(Arc<Own<R, H>>);

struct Own<R: Runtime, H> {
    replies: H,
    producer: Producer<R>,
    orphans: Arc<AtomicU64>,
}

impl<R: Runtime, H: Replies> Handler for Responder<R, H> {
    fn handle(&self, request: Delivery) -> BoxFuture<Result<(), Fault>> {
        let own = Arc::clone(&self.0);
        Box::pin(async move { own.respond(request).await })
    }
}

impl<R: Runtime, H: Replies> Own<R, H> {
    async fn respond(&self, request: Delivery) -> Result<(), Fault> {
        let asked = Arc::clone(&request.message);
        let Some(inbox) = asked.headers.text(header::REPLY_TO) else {
            return Err(Fault::poison("it is not said where the reply is wanted"));
        };
        match self.replies.reply(request).await {
            Ok(reply) => self.send(inbox, &asked, reply).await,
            Err(fault @ Fault::Poison(_)) => {
                let why = Message::default().header(header::REPLY_FAULT, &**fault.why());
                self.send(inbox, &asked, why).await?;
                Err(fault)
            }
            Err(fault) => Err(fault),
        }
    }

    async fn send(&self, inbox: &str, asked: &Message, mut reply: Message) -> Result<(), Fault> {
        if let Some(id) = asked.headers.get(header::CORRELATION_ID) {
            reply.headers = reply.headers.with(header::CORRELATION_ID, id);
        }
        if let Some(id) = &asked.id {
            reply.headers = reply.headers.with(header::CAUSATION_ID, id.as_str());
        }
        match self.producer.send(inbox, reply).await {
            Fate::Confirmed { .. } | Fate::Unknown(_) => Ok(()),
            Fate::Failed(Why::Broker(BrokerError::NoTopic(_))) => {
                self.orphans.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            fate => Err(Fault::again(fate.to_string())),
        }
    }
}
