//! Messages from a producer to a consumer, over a broker in the process and on a store that outlives it.

use std::sync::Arc;

use cascadia_patterns::messaging::consumer::{AckWhen, Consumer, ConsumerConfig, Fault};
use cascadia_patterns::messaging::embedded::Embedded;
use cascadia_patterns::messaging::inbox::{Inbox, InboxConfig, Known};
use cascadia_patterns::messaging::outbox::{Outbox, OutboxConfig, Relay, Relaying};
use cascadia_patterns::messaging::producer::{Fate, Producer, ProducerConfig};
use cascadia_patterns::messaging::request_reply::{
    Replier, RequestConfig, RequestError, Requester,
};
use cascadia_patterns::messaging::{
    Batch, Broker, Delivery, Fed, Feed, Message, Settle, Settled, Sharing, Start, Subscription,
    TopicSettings,
};
use cascadia_patterns::store::{MemoryStore, Store, Transaction};
use cascadia_runtime::{Runtime, Stream};

use super::bench::{Bench, LONG, Log, ms};

/// A store, and a broker on it with a topic and one for dead letters.
struct Rig {
    store: Arc<dyn Store>,
    broker: Arc<dyn Broker>,
}

async fn open<R: Runtime>(bench: &Bench<R>, store: &Arc<dyn Store>) -> Arc<dyn Broker> {
    let broker = Embedded::open(bench.world.clone(), Arc::clone(store), "bus").await;
    Arc::new(broker.unwrap())
}

async fn rig<R: Runtime>(bench: &Bench<R>, partitions: u32) -> Rig {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let broker = open(bench, &store).await;
    broker.declare("orders".into(), TopicSettings::log(partitions)).await.unwrap();
    broker.declare("dead".into(), TopicSettings::log(1)).await.unwrap();
    Rig { store, broker }
}

fn message(number: u32) -> Message {
    Message::new(number.to_string()).id(format!("id-{number}"))
}

fn number(message: &Message) -> u32 {
    std::str::from_utf8(message.bytes()).unwrap().parse().unwrap()
}

fn subscription() -> Subscription {
    Subscription { start: Start::Earliest, ..Subscription::new("orders", "shop") }
}

impl Rig {
    async fn publish(&self, numbers: std::ops::Range<u32>) {
        let batch = Batch::new(("orders", 0), numbers.map(message));
        self.broker.publish(batch).await.unwrap();
    }

    /// A consumer that notes what it does.
    fn consumer<R: Runtime>(&self, bench: &Bench<R>, config: ConsumerConfig, log: &Log) -> Consumer {
        let log = log.clone();
        let handler = move |delivery: Delivery| {
            log.note(number(&delivery.message));
            async { Ok(()) }
        };
        let (world, stream) = (bench.world.clone(), Stream::from_seed(1));
        Consumer::start(config, world, stream, Arc::clone(&self.broker), handler).unwrap()
    }

    fn producer<R: Runtime>(&self, bench: &Bench<R>) -> Producer<R> {
        let (world, stream) = (bench.world.clone(), Stream::from_seed(2));
        let config = ProducerConfig { linger: ms(1), ..ProducerConfig::default() };
        Producer::new(config, world, stream, Arc::clone(&self.broker)).unwrap()
    }
}

async fn next(feed: &mut Box<dyn Feed>) -> Delivery {
    loop {
        if let Fed::Delivery(delivery) = feed.next().await.unwrap().unwrap() {
            return delivery;
        }
    }
}

/// Waits until so much is noted.
async fn until<R: Runtime>(bench: &Bench<R>, log: &Log, count: usize) {
    while log.notes().len() < count {
        bench.world.sleep(ms(1)).await;
    }
}

pub(crate) async fn what_is_published_comes_in_its_order<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 1).await;
    let mut feed = rig.broker.subscribe(subscription()).await.unwrap();
    rig.publish(0..3).await;
    for expected in 0..3 {
        let delivery = next(&mut feed).await;
        assert_eq!((number(&delivery.message), delivery.attempt), (expected, 1));
        let settled = rig.broker.settle(&[delivery.id], Settle::Ack).await.unwrap();
        assert_eq!(settled, [Settled::Done]);
    }
}

pub(crate) async fn what_is_not_settled_comes_again<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 1).await;
    let own = Subscription { ack_wait: ms(10), ..subscription() };
    let mut feed = rig.broker.subscribe(own).await.unwrap();
    rig.publish(0..1).await;
    assert_eq!(next(&mut feed).await.attempt, 1);
    let began = bench.world.now();
    assert_eq!(next(&mut feed).await.attempt, 2);
    bench.took(began, ms(10));
}

pub(crate) async fn what_is_refused_rests<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 1).await;
    let mut feed = rig.broker.subscribe(subscription()).await.unwrap();
    rig.publish(0..1).await;
    let first = next(&mut feed).await;
    let began = bench.world.now();
    rig.broker.settle(&[first.id], Settle::RequeueAfter(ms(7))).await.unwrap();
    assert_eq!(next(&mut feed).await.attempt, 2);
    bench.took(began, ms(7));
}

pub(crate) async fn what_fails_too_often_is_a_dead_letter<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 1).await;
    let own = Subscription {
        attempts: Some(2),
        dead_letter: Some("dead".into()),
        ..subscription()
    };
    let mut feed = rig.broker.subscribe(own).await.unwrap();
    rig.publish(4..5).await;
    for _ in 0..2 {
        let delivery = next(&mut feed).await;
        rig.broker.settle(&[delivery.id], Settle::Requeue).await.unwrap();
    }
    let those_who_look = Subscription { start: Start::Earliest, ..Subscription::new("dead", "all") };
    let mut dead = rig.broker.subscribe(those_who_look).await.unwrap();
    assert_eq!(number(&next(&mut dead).await.message), 4);
}

pub(crate) async fn a_broker_goes_on_from_its_store<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 1).await;
    let mut feed = rig.broker.subscribe(subscription()).await.unwrap();
    rig.publish(0..2).await;
    let first = next(&mut feed).await;
    rig.broker.settle(&[first.id], Settle::Ack).await.unwrap();
    drop(feed);
    let later = open(&bench, &rig.store).await;
    let mut feed = later.subscribe(subscription()).await.unwrap();
    assert_eq!(number(&next(&mut feed).await.message), 1);
}

pub(crate) async fn each_member_has_partitions_of_its_own<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 2).await;
    let own = Subscription { sharing: Sharing::Partitions(Default::default()), ..subscription() };
    let mut ann = rig.broker.subscribe(own.clone()).await.unwrap();
    let mut bea = rig.broker.subscribe(own).await.unwrap();
    // Both have joined once both have some.
    let assigned = async |feed: &mut Box<dyn Feed>| loop {
        if let Fed::Assigned(_, partitions) = feed.next().await.unwrap().unwrap()
            && !partitions.is_empty()
        {
            return partitions;
        }
    };
    let of_bea = assigned(&mut bea).await;
    for partition in 0..2 {
        let batch = Batch::new(("orders", partition), [message(partition)]);
        rig.broker.publish(batch).await.unwrap();
    }
    let (one, other) = (next(&mut ann).await, next(&mut bea).await);
    assert_ne!(one.id.source.partition, other.id.source.partition);
    assert!(of_bea.contains(&other.id.source.partition));
}

pub(crate) async fn a_producer_knows_the_fate_of_each_message<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 1).await;
    let producer = rig.producer(&bench);
    assert!(matches!(producer.send("orders", message(0)).await, Fate::Confirmed { .. }));
    assert!(matches!(producer.send("nowhere", message(1)).await, Fate::Failed(_)));
    for number in 2..10 {
        producer.post("orders", message(number)).await;
    }
    let counts = producer.close().await;
    assert_eq!((counts.offered, counts.confirmed), (10, 9), "{counts:?}");
}

pub(crate) async fn a_consumer_does_what_it_has_before_it_ends<R: Runtime>(bench: Bench<R>) {
    let (rig, log) = (rig(&bench, 1).await, Log::default());
    rig.publish(0..20).await;
    let consumer = rig.consumer(&bench, ConsumerConfig::new(subscription()), &log);
    until(&bench, &log, 1).await;
    let counts = consumer.drain().await.unwrap();
    assert_eq!(counts.done as usize, log.notes().len(), "{counts:?}");
    let rest = rig.consumer(&bench, ConsumerConfig::new(subscription()), &log);
    until(&bench, &log, 20).await;
    drop(rest);
    let mut done = log.notes();
    done.sort_unstable();
    assert_eq!(done, (0..20).collect::<Vec<_>>(), "once each");
}

pub(crate) async fn who_acknowledges_before_loses_what_it_had<R: Runtime>(bench: Bench<R>) {
    for (ack, again) in [(AckWhen::Before, false), (AckWhen::After, true)] {
        let (rig, log) = (rig(&bench, 1).await, Log::default());
        rig.publish(0..1).await;
        let config = ConsumerConfig { ack, ..ConsumerConfig::new(subscription()) };
        let (world, noted) = (bench.world.clone(), log.clone());
        let never = move |delivery: Delivery| {
            noted.note(number(&delivery.message));
            std::future::pending::<Result<(), Fault>>()
        };
        let broker = Arc::clone(&rig.broker);
        let dies = Consumer::start(config.clone(), world, Stream::from_seed(1), broker, never);
        until(&bench, &log, 1).await;
        drop(dies);
        let second = rig.consumer(&bench, config, &log);
        bench.world.sleep(ms(20)).await;
        drop(second);
        // In real time a quiet while proves nothing, but that a message came does.
        assert!(log.notes().len() == if again { 2 } else { 1 }, "{ack:?} {:?}", log.notes());
    }
}

pub(crate) async fn a_request_ends_once<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 1).await;
    let (producer, broker) = (rig.producer(&bench), Arc::clone(&rig.broker));
    let (world, sleeper) = (bench.world.clone(), bench.world.clone());
    let double = move |request: Delivery| {
        let (sleeper, number) = (sleeper.clone(), number(&request.message));
        async move {
            match number {
                1 => Ok(Message::new("2")),
                2 => Err(Fault::poison("no")),
                _ => {
                    sleeper.sleep(ms(60)).await;
                    Ok(Message::new("late"))
                }
            }
        }
    };
    let config = ConsumerConfig { concurrency: 3, ..ConsumerConfig::new(subscription()) };
    let stream = Stream::from_seed(3);
    let replier =
        Replier::start(config, world.clone(), stream, Arc::clone(&broker), producer.clone(), double);
    let config = RequestConfig { timeout: LONG, ..RequestConfig::new("replies") };
    let requester = Requester::open(config, world, Stream::from_seed(4), broker, producer);
    let requester = requester.await.unwrap();
    assert_eq!(requester.request("orders", message(1)).await.unwrap().bytes(), b"2");
    let fault = requester.request("orders", message(2)).await;
    assert!(matches!(fault, Err(RequestError::Fault(_))), "{fault:?}");
    let late = requester.request_within("orders", message(3), ms(20)).await;
    assert!(matches!(late, Err(RequestError::TimedOut)), "{late:?}");
    assert_eq!(requester.pending(), 0);
    while requester.counts().late == 0 {
        bench.world.sleep(ms(1)).await;
    }
    drop(replier);
}

pub(crate) async fn what_a_transaction_tells_is_published_if_it_commits<R: Runtime>(
    bench: Bench<R>,
) {
    let (rig, log) = (rig(&bench, 1).await, Log::default());
    let mut stream = Stream::from_seed(5);
    let outbox = Outbox::new("outbox/", &mut stream);
    for number in 0..4 {
        let mut transaction = Transaction::begin(&rig.store);
        transaction.put(format!("order/{number}"), "");
        outbox.add(&mut transaction, "orders", message(number)).await.unwrap();
        if number != 2 {
            transaction.commit().await.unwrap();
        }
    }
    let (store, broker) = (Arc::clone(&rig.store), Arc::clone(&rig.broker));
    let config = OutboxConfig::new("outbox/");
    let relay = Relay::new(config, bench.world.clone(), &mut stream, store, broker).unwrap();
    let relaying = Relaying::start(relay);
    let consumer = rig.consumer(&bench, ConsumerConfig::new(subscription()), &log);
    until(&bench, &log, 3).await;
    bench.settle().await;
    drop((relaying, consumer));
    assert_eq!(log.notes(), [0, 1, 3]);
}

pub(crate) async fn what_comes_twice_is_done_once<R: Runtime>(bench: Bench<R>) {
    let rig = rig(&bench, 1).await;
    rig.publish(0..1).await;
    let inbox = Inbox::new(InboxConfig::new("inbox/")).unwrap();
    let mut feed = rig.broker.subscribe(subscription()).await.unwrap();
    let mut first = 0;
    for settle in [Settle::Requeue, Settle::Ack] {
        let delivery = next(&mut feed).await;
        let known = inbox.begin(&rig.store, bench.world.wall(), &delivery).await.unwrap();
        if let Known::First(mut transaction) = known {
            transaction.put("effect", "");
            transaction.commit().await.unwrap();
            first += 1;
        }
        rig.broker.settle(&[delivery.id], settle).await.unwrap();
    }
    assert_eq!(first, 1);
}
