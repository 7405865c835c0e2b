use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Stream, TokioWorld};

use super::{KnownBy, ROWS, Row, promise};
use crate::messaging::batch::Batch;
use crate::messaging::broker::Broker;
use crate::messaging::conclusion::{Conclusion, End};
use crate::messaging::delivery::Delivery;
use crate::messaging::embedded::Embedded;
use crate::messaging::feed::{Fed, Feed};
use crate::messaging::identity::{Numbered, ProducerIdentity, Sequence};
use crate::messaging::message::Message;
use crate::messaging::settle::Settle;
use crate::messaging::start::Start;
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;
use crate::store::MemoryStore;

#[test]
fn every_row_follows_from_its_settings() {
    for row in ROWS {
        let promised = promise(row.publishing, &subscription(&row), row.in_transaction);
        assert_eq!(promised.never_lost, row.never_lost, "{}", row.name);
        assert_eq!(promised.never_doubled, row.never_doubled, "{}", row.name);
    }
}

fn subscription(row: &Row) -> Subscription {
    let (start, ack, attempts) = (Start::Earliest, row.ack, None);
    Subscription { start, ack, attempts, ..Subscription::new("in", "worker") }
}

/// A producer, a broker and a consumer, each of which may die.
struct World {
    row: Row,
    store: MemoryStore,
    bus: Embedded<TokioWorld>,
    feed: Box<dyn Feed>,
    producer: ProducerIdentity,
    worker: ProducerIdentity,
    /// The number of what the worker publishes next.
    made: u32,
    /// How often each message took effect.
    effects: BTreeMap<u32, u32>,
}

async fn open(store: &MemoryStore) -> Embedded<TokioWorld> {
    Embedded::open(TokioWorld::new(), Arc::new(store.clone()), "bus").await.unwrap()
}

impl World {
    async fn new(row: Row) -> Self {
        let store = MemoryStore::new();
        let bus = open(&store).await;
        for topic in ["in", "out"] {
            bus.declare(topic.into(), TopicSettings::queue()).await.unwrap();
        }
        let feed = bus.subscribe(subscription(&row)).await.unwrap();
        let producer = bus.identify(None).await.unwrap();
        let worker = bus.identify(Some("worker".into())).await.unwrap();
        let effects = BTreeMap::new();
        Self { row, store, bus, feed, producer, worker, made: 0, effects }
    }

    async fn publish(&mut self, n: u32, stream: &mut Stream) {
        let mut message = Message::new(n.to_string());
        let mut numbered = None;
        match self.row.publishing.known_by {
            KnownBy::Nothing => {}
            KnownBy::Number => {
                numbered = Some(Numbered { producer: self.producer, first: Sequence::new(n) });
            }
            KnownBy::Id => message = message.id(n.to_string()),
        }
        let acks = self.row.publishing.acks;
        let batch = Batch { acks, numbered, ..Batch::new(("in", 0), [message]) };
        let is_told = self.bus.publish(batch.clone()).await.is_ok();
        if stream.below(8) == 0 {
            self.die().await;
        }
        // An answer may be lost on its way.
        let is_heard = is_told && stream.below(4) > 0;
        if self.row.publishing.retries && !is_heard {
            self.bus.publish(batch).await.unwrap();
        }
    }

    /// The broker dies, and with it whatever is not durable.
    async fn die(&mut self) {
        let next = open(&self.store).await;
        self.bus = next;
        self.back().await;
    }

    /// The consumer is there again, after the broker's death or its own.
    async fn back(&mut self) {
        self.feed = self.bus.subscribe(subscription(&self.row)).await.unwrap();
        self.worker = self.bus.identify(Some("worker".into())).await.unwrap();
        self.made = 0;
    }

    async fn consume(&mut self, stream: &mut Stream) -> bool {
        let soon = Duration::from_millis(10);
        let Ok(Some(Ok(fed))) = tokio::time::timeout(soon, self.feed.next()).await else {
            return false;
        };
        let Fed::Delivery(delivery) = fed else { return true };
        let dies = stream.below(6);
        if dies == 0 {
            self.back().await;
            return true;
        }
        if self.row.in_transaction {
            self.transact(&delivery, dies == 1, stream).await;
            return true;
        }
        let n = std::str::from_utf8(delivery.message.bytes()).unwrap().parse().unwrap();
        *self.effects.entry(n).or_default() += 1;
        if dies == 1 {
            self.back().await;
            return true;
        }
        self.bus.settle(&[delivery.id], Settle::Ack).await.unwrap();
        true
    }

    async fn transact(&mut self, delivery: &Delivery, dies: bool, stream: &mut Stream) {
        let first = Sequence::new(self.made);
        let numbered = Some(Numbered { producer: self.worker, first });
        let mut batch = Batch::new(("out", 0), []);
        batch.messages.push(Arc::clone(&delivery.message));
        let batch = Batch { numbered, transactional: true, ..batch };
        self.bus.publish(batch).await.unwrap();
        self.made += 1;
        if dies {
            return self.back().await;
        }
        let end = End::Commit(vec![delivery.id.clone()]);
        let conclude = self.bus.conclude(Conclusion { producer: self.worker, end });
        let told = tokio::spawn(conclude);
        if stream.below(3) == 0 {
            for _ in 0..stream.below(12) {
                tokio::task::yield_now().await;
            }
            self.die().await;
        }
        let _ = told.await.unwrap();
    }

    /// Of a transaction, its effects are what is to be read in the end.
    async fn read_out(&mut self) {
        let (start, committed_only) = (Start::Earliest, true);
        let out = Subscription { start, committed_only, ..Subscription::new("out", "reader") };
        let mut feed = self.bus.subscribe(Subscription { prefetch: 1_000, ..out }).await.unwrap();
        let soon = Duration::from_millis(10);
        while let Ok(Some(Ok(Fed::Delivery(it)))) = tokio::time::timeout(soon, feed.next()).await {
            let n = std::str::from_utf8(it.message.bytes()).unwrap().parse().unwrap();
            *self.effects.entry(n).or_default() += 1;
        }
    }
}

const MESSAGES: u32 = 20;

/// How many messages were lost, and how many took effect more than once.
async fn run(row: Row, seed: u64) -> (usize, usize) {
    let mut stream = Stream::from_seed(seed);
    let mut world = World::new(row).await;
    for n in 0..MESSAGES {
        world.publish(n, &mut stream).await;
        if stream.below(2) == 0 {
            world.consume(&mut stream).await;
        }
    }
    while world.consume(&mut stream).await {}
    if row.in_transaction {
        world.read_out().await;
    }
    let lost = (0..MESSAGES).filter(|n| !world.effects.contains_key(n)).count();
    (lost, world.effects.values().filter(|times| **times > 1).count())
}

/// What is ruled out does not happen, and what is not, does: the table says neither too much nor too little.
#[test]
fn every_row_keeps_what_it_promises_and_no_more() {
    for row in ROWS {
        let (mut lost, mut doubled) = (0, 0);
        for seed in 0..20 {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_time().start_paused(true).build().unwrap();
            let (l, d) = runtime.block_on(run(row, seed));
            lost += l;
            doubled += d;
        }
        assert_eq!(lost == 0, row.never_lost, "{}: {lost} lost", row.name);
        assert_eq!(doubled == 0, row.never_doubled, "{}: {doubled} doubled", row.name);
    }
}
