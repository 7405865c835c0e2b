use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use cascadia_runtime::{Runtime, Wall};

use crate::call::BoxFuture;
use crate::messaging::acks::Acks;
use crate::messaging::batch::Batch;
use crate::messaging::broker::Broker;
use crate::messaging::capabilities::Capability;
use crate::messaging::delivery::Delivery;
use crate::messaging::error::BrokerError;
use crate::messaging::feed::{Fed, Feed};
use crate::messaging::ids::{Group, Partition, Topic};
use crate::messaging::message::Message;
use crate::messaging::receipt::Receipt;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::sharing::{Abandoned, AckMode, KeyOrder, Sharing};
use crate::messaging::start::Start;
use crate::messaging::subscription::Subscription;
use crate::messaging::suite::clock::Clock;
use crate::messaging::suite::trouble::Trouble;
use crate::messaging::suite::usual::Usual;
use crate::messaging::topic::{Keep, TopicSettings};
use crate::sync::lock;

/// Kills the broker, starts it again on what it has left behind, and answers with a client of it: the same one, where that
/// finds its server again.
pub type Restart = Box<dyn Fn() -> BoxFuture<Arc<dyn Broker>> + Send + Sync>;

/// Cuts the connections of a broker, or has it stand still for a while. Whether feeds end by that.
pub type Disturb = Box<dyn Fn(Trouble) -> BoxFuture<bool> + Send + Sync>;

/// How long something is waited for that must come. A server may have to be started, and find its disk.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long nothing must come.
const QUIET: Duration = Duration::from_millis(400);
/// How long is waited until something is tried again that may pass.
const AGAIN: Duration = Duration::from_millis(50);

/// Where a history is played: a broker, its time, and names that nobody else uses.
pub struct Stage {
    broker: Mutex<Arc<dyn Broker>>,
    clock: Clock,
    restart: Option<Restart>,
    disturb: Option<Disturb>,
    leaving: Option<Duration>,
    name: String,
    usual: Usual,
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Stage {
    /// One on a broker, in its world. The name is a part of all that is made there.
    pub fn new(name: impl Into<String>, broker: Arc<dyn Broker>, world: impl Runtime) -> Self {
        let (name, usual) = (name.into(), Usual::default());
        Self {
            broker: Mutex::new(broker),
            clock: Clock::of(world),
            restart: None,
            disturb: None,
            leaving: None,
            name,
            usual,
        }
    }

    /// Where the broker can be killed.
    #[must_use]
    pub fn restarting(self, restart: Restart) -> Self {
        Self { restart: Some(restart), ..self }
    }

    /// Where something may come between.
    #[must_use]
    pub fn disturbed(self, disturb: Disturb) -> Self {
        Self { disturb: Some(disturb), ..self }
    }

    /// Where who leaves is there for so long and takes what comes.
    #[must_use]
    pub fn leaving_within(self, time: Duration) -> Self {
        Self { leaving: Some(time), ..self }
    }

    /// Where the defaults are those of a system.
    #[must_use]
    pub fn usually(self, usual: Usual) -> Self {
        Self { usual, ..self }
    }

    pub(super) fn can_restart(&self) -> bool {
        self.restart.is_some()
    }

    pub(super) fn broker(&self) -> Arc<dyn Broker> {
        Arc::clone(&lock(&self.broker))
    }

    pub(super) fn has(&self, capability: Capability) -> bool {
        self.broker().can().has(capability)
    }

    pub(super) async fn restart(&self) {
        let restart = self.restart.as_ref().expect("it can be killed");
        let broker = restart().await;
        *lock(&self.broker) = broker;
    }

    pub(super) async fn trouble(&self, trouble: Trouble) -> bool {
        self.disturb.as_ref().expect("something may come between")(trouble).await
    }

    pub(super) const fn leaving(&self) -> Option<Duration> {
        self.leaving
    }

    pub(super) async fn sleep(&self, time: Duration) {
        self.sleeping(time).await;
    }

    pub(super) fn sleeping(&self, time: Duration) -> BoxFuture<()> {
        self.clock.sleep(time)
    }

    /// When something expires that lives for so long from now on.
    pub(super) fn after(&self, time: Duration) -> Wall {
        self.clock.wall() + time
    }

    /// A topic of this name, which is there from now on.
    pub(super) async fn topic(&self, name: &str) -> Topic {
        let topic = Topic::from(format!("{}-{name}", self.name));
        self.declare(&topic, self.usual.topic.clone()).await;
        topic
    }

    async fn declare(&self, topic: &Topic, settings: TopicSettings) {
        if self.has(Capability::Declare) {
            self.broker().declare(topic.clone(), settings).await.unwrap();
        }
    }

    /// A log of so many partitions, or as many as one has where that is not ours to say.
    pub(super) async fn parted(&self, name: &str, partitions: u32) -> (Topic, u32) {
        let topic = Topic::from(format!("{}-{name}", self.name));
        let keep = Keep::Log;
        self.declare(&topic, TopicSettings { partitions, keep, ..self.usual.topic.clone() }).await;
        let has = self.within(self.broker().partitions(topic.clone())).await.unwrap();
        (topic, has)
    }

    /// A subscription of which the broker can do all. What becomes of it when it is gone is a history of its own.
    pub(super) fn subscription(&self, topic: &Topic, group: &str) -> Subscription {
        let usual = self.usual.subscription.clone();
        let has_order = self.has(Capability::KeyOrder);
        Subscription {
            start: if self.has(Capability::Replay) { Start::Earliest } else { Start::Latest },
            sharing: match usual.sharing {
                Sharing::Competing if !self.has(Capability::Competing) => Sharing::Broadcast,
                usual => usual,
            },
            ack: self.done().map_or(AckMode::OnDelivery, |_| AckMode::Explicit),
            key_order: if has_order { usual.key_order } else { KeyOrder::Free },
            abandoned: Abandoned::Released,
            topics: vec![topic.clone()],
            // Some have one group of a name, whatever it reads.
            group: format!("{}-{group}", self.name).into(),
            ..usual
        }
    }

    /// How it is said that a message is done, where that is not its delivery's to say.
    pub(super) fn done(&self) -> Option<Settle> {
        match (self.has(Capability::Requeue), self.has(Capability::AckThrough)) {
            (true, _) => Some(Settle::Ack),
            (false, true) => Some(Settle::AckThrough),
            (false, false) => None,
        }
    }

    /// Subscribes, again where that may help.
    pub(super) async fn subscribe(&self, subscription: Subscription) -> Box<dyn Feed> {
        self.within(async {
            loop {
                match self.broker().subscribe(subscription.clone()).await {
                    Ok(feed) => return feed,
                    Err(error) if error.is_passing() => self.sleep(AGAIN).await,
                    Err(error) => panic!("{}: {error}", self.name),
                }
            }
        })
        .await
    }

    /// Publishes some at once, again where that may help.
    pub(super) async fn publish(&self, topic: &Topic, bodies: &[&str]) -> Receipt {
        self.publish_to(topic.clone().into(), bodies).await
    }

    pub(super) async fn publish_to(&self, to: Partition, bodies: &[&str]) -> Receipt {
        self.send(to, bodies.iter().map(|body| Message::new(*body)).collect()).await
    }

    pub(super) async fn send(&self, to: impl Into<Partition>, messages: Vec<Message>) -> Receipt {
        let acks = match (self.has(Capability::ConfirmAll), self.has(Capability::Confirm)) {
            (true, _) => Acks::All,
            (false, true) => Acks::Leader,
            (false, false) => Acks::None,
        };
        let batch = Batch { acks, ..Batch::new(to, messages) };
        self.within(async {
            loop {
                match self.broker().publish(batch.clone()).await {
                    Ok(receipt) => return receipt,
                    Err(error) if error.is_passing() => self.sleep(AGAIN).await,
                    Err(error) => panic!("{}: {error}", self.name),
                }
            }
        })
        .await
    }

    /// Has a group read from another place, again where that may help.
    pub(super) async fn seek(&self, group: Group, partition: Partition, to: Start) {
        self.within(async {
            while let Err(error) = self.broker().seek(group.clone(), partition.clone(), to).await {
                assert!(error.is_passing(), "{}: {error}", self.name);
                self.sleep(AGAIN).await;
            }
        })
        .await;
    }

    /// The next that is delivered, whatever else is told before. The feed must not end.
    pub(super) async fn next(&self, feed: &mut Box<dyn Feed>) -> Delivery {
        self.within(async {
            loop {
                match feed.next().await {
                    Some(Ok(Fed::Delivery(delivery))) => return delivery,
                    Some(Ok(_)) => {}
                    other => panic!("{}: {other:?}", self.name),
                }
            }
        })
        .await
    }

    /// The bodies of the next ones, which are settled at once.
    pub(super) async fn take(&self, feed: &mut Box<dyn Feed>, count: usize) -> Vec<String> {
        let mut bodies = Vec::new();
        while bodies.len() < count {
            let delivery = self.next(feed).await;
            bodies.push(body(&delivery));
            if let Some(done) = self.done() {
                assert_eq!(self.settle(&delivery, done).await, Settled::Done);
            }
        }
        bodies
    }

    /// Nothing is delivered for a while.
    pub(super) async fn nothing(&self, feed: &mut Box<dyn Feed>) {
        let soon = self.timeout(QUIET, async {
            loop {
                match feed.next().await {
                    Some(Ok(Fed::Delivery(delivery))) => return Ok(body(&delivery)),
                    Some(Ok(_)) => {}
                    other => return Err(format!("{other:?}")),
                }
            }
        });
        assert_eq!(soon.await, None, "{}", self.name);
    }

    pub(super) async fn settle(&self, delivery: &Delivery, settle: Settle) -> Settled {
        let ids = std::slice::from_ref(&delivery.id);
        let settled = self.within(self.broker().settle(ids, settle)).await;
        let settled = settled.unwrap_or_else(|error: BrokerError| panic!("{}: {error}", self.name));
        assert_eq!(settled.len(), 1, "{}", self.name);
        settled[0]
    }

    /// What a future answers, for which one is patient.
    pub(super) async fn within<T>(&self, future: impl Future<Output = T>) -> T {
        let answer = self.timeout(PATIENCE, future).await;
        answer.unwrap_or_else(|| panic!("{}: it takes longer than {PATIENCE:?}", self.name))
    }

    pub(super) async fn timeout<T>(
        &self,
        time: Duration,
        future: impl Future<Output = T>,
    ) -> Option<T> {
        let (mut future, mut over) = (pin!(future), self.clock.sleep(time));
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => over.as_mut().poll(context).map(|()| None),
        })
        .await
    }
}

/// What a delivered message says.
pub(super) fn body(delivery: &Delivery) -> String {
    String::from_utf8_lossy(delivery.message.bytes()).into_owned()
}
