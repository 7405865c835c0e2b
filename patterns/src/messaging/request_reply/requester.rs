use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream};
use tokio::sync::oneshot;

use super::config::RequestConfig;
use super::error::RequestError;
use super::pending::{Pending, RequestCounts, Unanswered};
use crate::messaging::consumer::{AckWhen, Consumer, ConsumerConfig, Fault};
use crate::messaging::producer::{Fate, Producer, Sending};
use crate::messaging::{
    AckMode, Broker, BrokerError, Capability, Delivery, Message, Subscription, Topic,
    TopicSettings, header,
};
use crate::sync::{before, lock};

type Table = Mutex<Pending<oneshot::Sender<Arc<Message>>>>;

/// Sends requests as messages, and waits for the messages that reply to them.
#[derive(Debug)]
pub struct Requester<R: Runtime> {
    world: R,
    producer: Producer<R>,
    config: RequestConfig,
    /// What the numbers of this life begin with.
    life: String,
    table: Arc<Table>,
    expires: bool,
    /// Reads the inbox.
    _inbox: Consumer,
}

/// A request that waits. It leaves nothing behind, whatever becomes of its caller.
struct Entry<'a> {
    table: &'a Table,
    number: u64,
    why: Unanswered,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        lock(self.table).close(self.number, self.why);
    }
}

impl<R: Runtime> Requester<R> {
    /// One that sends by a producer and has its inbox at a broker. A broker that can is told to make the topic of the
    /// inbox.
    ///
    /// # Errors
    ///
    /// As for [`Broker::declare`], [`Consumer::start`] and [`Consumer::connected`].
    pub async fn open(
        config: RequestConfig,
        world: R,
        mut stream: Stream,
        broker: Arc<dyn Broker>,
        producer: Producer<R>,
    ) -> Result<Self, BrokerError> {
        config.check()?;
        let can = broker.can();
        if can.has(Capability::Declare) {
            broker.declare(config.inbox.clone(), TopicSettings::queue()).await?;
        }
        let life = format!("{:016x}", stream.next_u64());
        let table = Arc::new(Mutex::new(Pending::new(config.remembered)));
        // A reply that is lost with who waits for it is of no use to anybody.
        let (ack, when) = match can.has(Capability::OnDelivery) {
            true => (AckMode::OnDelivery, AckWhen::After),
            false => (AckMode::Explicit, AckWhen::Before),
        };
        let inbox = Subscription {
            ack,
            attempts: None,
            prefetch: 1_000,
            ..Subscription::new(config.inbox.clone(), config.inbox.as_str())
        };
        let reader = ConsumerConfig { ack: when, concurrency: 1_000, ..ConsumerConfig::new(inbox) };
        let (own, of) = (Arc::clone(&table), life.clone());
        let handler = move |delivery: Delivery| {
            reply(&own, &of, &delivery.message);
            std::future::ready(Ok::<_, Fault>(()))
        };
        let mut inbox = Consumer::start(reader, world.clone(), stream, broker, handler)?;
        inbox.connected().await?;
        let expires = can.has(Capability::Expiry);
        Ok(Self { world, producer, config, life, table, expires, _inbox: inbox })
    }

    /// Sends a request and waits for its reply as long as is usual. Dropped, the request is not taken back.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn request(
        &self,
        topic: impl Into<Topic>,
        message: Message,
    ) -> Result<Arc<Message>, RequestError> {
        self.request_within(topic, message, self.config.timeout).await
    }

    /// As [`request`](Self::request), and waits so long. Where the broker lets messages expire, the request does when nobody waits
    /// for it any more.
    ///
    /// # Errors
    ///
    /// When there is no reply.
    pub async fn request_within(
        &self,
        topic: impl Into<Topic>,
        message: Message,
        timeout: Duration,
    ) -> Result<Arc<Message>, RequestError> {
        let until = self.world.now() + timeout;
        let (waiter, replied) = oneshot::channel();
        let number = lock(&self.table).open(waiter);
        let mut entry = Entry { table: &self.table, number, why: Unanswered::Dropped };
        let message = self.addressed(message, number, timeout);
        let exchanged = pin!(async {
            let sending = self.producer.enqueue(topic, message).await;
            exchange(replied, sending).await
        });
        let result = before(&self.world, until, exchanged).await;
        let result = result.unwrap_or(Err(RequestError::TimedOut));
        entry.why = match result {
            Err(RequestError::NotSent(_)) => Unanswered::NotSent,
            _ => Unanswered::TimedOut,
        };
        result
    }

    fn addressed(&self, message: Message, number: u64, timeout: Duration) -> Message {
        let id = format!("{}-{number:x}", self.life);
        let expires = message.expires.or_else(|| self.expires.then(|| self.world.wall() + timeout));
        let message = Message { expires, ..message };
        let message = match message.id {
            Some(_) => message,
            None => message.id(id.as_str()),
        };
        message
            .header(header::REPLY_TO, self.config.inbox.as_str())
            .header(header::CORRELATION_ID, id)
    }

    /// How many requests wait for a reply.
    pub fn pending(&self) -> usize {
        lock(&self.table).len()
    }

    /// How requests ended so far.
    pub fn counts(&self) -> RequestCounts {
        lock(&self.table).counts()
    }
}

/// The reply, or that there will be none.
async fn exchange(
    mut replied: oneshot::Receiver<Arc<Message>>,
    sending: Sending,
) -> Result<Arc<Message>, RequestError> {
    let mut sent = pin!(sending.fate());
    let mut is_sent = false;
    poll_fn(|context| {
        if let Poll::Ready(Ok(reply)) = pin!(&mut replied).poll(context) {
            return Poll::Ready(match reply.headers.text(header::REPLY_FAULT) {
                Some(why) => Err(RequestError::Fault(why.into())),
                None => Ok(reply),
            });
        }
        if !is_sent && let Poll::Ready(fate) = sent.as_mut().poll(context) {
            is_sent = true;
            if matches!(fate, Fate::Failed(_) | Fate::Dropped(_)) {
                return Poll::Ready(Err(RequestError::NotSent(fate)));
            }
        }
        Poll::Pending
    })
    .await
}

/// A message is in the inbox.
fn reply(table: &Table, life: &str, message: &Arc<Message>) {
    let id = message.headers.text(header::CORRELATION_ID);
    let number = id.and_then(|id| id.strip_prefix(life)?.strip_prefix('-'));
    let number = number.and_then(|number| u64::from_str_radix(number, 16).ok());
    let waiter = match number {
        Some(number) => lock(table).on_reply(number),
        None => {
            lock(table).on_stray();
            None
        }
    };
    // Whoever was waiting a moment ago may be gone.
    let _ = waiter.map(|waiter| waiter.send(Arc::clone(message)));
}
