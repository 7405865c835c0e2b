mod groups;
mod transactions;

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::TokioWorld;

use super::Embedded;
use crate::messaging::batch::Batch;
use crate::messaging::broker::Broker;
use crate::messaging::delivery::Delivery;
use crate::messaging::error::BrokerError;
use crate::messaging::feed::{Fed, Feed};
use crate::messaging::headers::header;
use crate::messaging::message::Message;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::sharing::{AckMode, Sharing};
use crate::messaging::start::Start;
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::{Overflow, TopicSettings};
use crate::store::{MemoryStore, Store};

fn run(test: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(test);
}

async fn open(store: &MemoryStore) -> Embedded<TokioWorld> {
    let store: Arc<dyn Store> = Arc::new(store.clone());
    Embedded::open(TokioWorld::new(), store, "bus").await.unwrap()
}

async fn bus() -> Embedded<TokioWorld> {
    let bus = open(&MemoryStore::new()).await;
    bus.declare("orders".into(), TopicSettings::queue()).await.unwrap();
    bus
}

fn subscription() -> Subscription {
    Subscription { start: Start::Earliest, ..Subscription::new("orders", "shop") }
}

async fn send(bus: &Embedded<TokioWorld>, body: &str) {
    bus.publish(Batch::new(("orders", 0), [Message::new(body)])).await.unwrap();
}

async fn next(feed: &mut Box<dyn Feed>) -> Delivery {
    match feed.next().await {
        Some(Ok(Fed::Delivery(delivery))) => delivery,
        other => panic!("{other:?}"),
    }
}

async fn nothing(feed: &mut Box<dyn Feed>) {
    let soon = tokio::time::timeout(Duration::from_millis(10), feed.next()).await;
    assert!(soon.is_err(), "{soon:?}");
}

fn body(delivery: &Delivery) -> &str {
    std::str::from_utf8(delivery.message.bytes()).unwrap()
}

#[test]
fn competing_consumers_get_each_message_once() {
    run(async {
        let bus = bus().await;
        let mut ann = bus.subscribe(subscription()).await.unwrap();
        let mut bea = bus.subscribe(subscription()).await.unwrap();
        for n in 0..10 {
            send(&bus, &n.to_string()).await;
        }
        let mut got = Vec::new();
        for _ in 0..5 {
            for feed in [&mut ann, &mut bea] {
                let delivery = next(feed).await;
                got.push(body(&delivery).to_owned());
                let settled = bus.settle(&[delivery.id], Settle::Ack).await.unwrap();
                assert_eq!(settled, [Settled::Done]);
            }
        }
        assert_eq!(got, (0..10).map(|n| n.to_string()).collect::<Vec<_>>());
        nothing(&mut ann).await;
    });
}

#[test]
fn a_waiting_consumer_is_woken() {
    run(async {
        let bus = bus().await;
        let mut feed = bus.subscribe(subscription()).await.unwrap();
        let waits = tokio::spawn(async move { body(&next(&mut feed).await).to_owned() });
        tokio::task::yield_now().await;
        send(&bus, "one").await;
        assert_eq!(waits.await.unwrap(), "one");
    });
}

#[test]
fn no_more_is_delivered_than_there_is_credit_for() {
    run(async {
        let bus = bus().await;
        let mut feed = bus.subscribe(Subscription { prefetch: 2, ..subscription() }).await.unwrap();
        for n in 0..4 {
            send(&bus, &n.to_string()).await;
        }
        let first = next(&mut feed).await;
        next(&mut feed).await;
        nothing(&mut feed).await;
        bus.settle(&[first.id], Settle::Ack).await.unwrap();
        assert_eq!(body(&next(&mut feed).await), "2");
        nothing(&mut feed).await;
        feed.credit(3);
        assert_eq!(body(&next(&mut feed).await), "3");
    });
}

#[test]
fn what_a_dropped_feed_had_is_with_others_at_once() {
    run(async {
        let bus = bus().await;
        let mut ann = bus.subscribe(subscription()).await.unwrap();
        send(&bus, "one").await;
        let first = next(&mut ann).await;
        let mut bea = bus.subscribe(subscription()).await.unwrap();
        nothing(&mut bea).await;
        drop(ann);
        let again = next(&mut bea).await;
        assert_eq!((again.id.offset, again.attempt), (first.id.offset, 2));
    });
}

#[test]
fn a_drained_feed_ends_when_all_is_settled() {
    run(async {
        let bus = bus().await;
        let mut feed = bus.subscribe(subscription()).await.unwrap();
        send(&bus, "one").await;
        send(&bus, "two").await;
        let first = next(&mut feed).await;
        feed.drain();
        nothing(&mut feed).await;
        bus.settle(&[first.id], Settle::Ack).await.unwrap();
        assert_eq!(feed.next().await, None);
        assert_eq!(feed.next().await, None);
    });
}

#[test]
fn what_is_not_settled_comes_again_after_its_time() {
    run(async {
        let bus = bus().await;
        let mut feed = bus.subscribe(subscription()).await.unwrap();
        send(&bus, "one").await;
        next(&mut feed).await;
        let begun = tokio::time::Instant::now();
        assert_eq!(next(&mut feed).await.attempt, 2);
        assert_eq!(begun.elapsed().as_secs(), 30);
    });
}

#[test]
fn poison_ends_in_the_dead_letters() {
    run(async {
        let bus = bus().await;
        bus.declare("dead".into(), TopicSettings::queue()).await.unwrap();
        let dead_letter = Some("dead".into());
        let poisoned = Subscription { attempts: Some(3), dead_letter, ..subscription() };
        let mut feed = bus.subscribe(poisoned).await.unwrap();
        let morgue = Subscription { start: Start::Earliest, ..Subscription::new("dead", "ops") };
        let mut morgue = bus.subscribe(morgue).await.unwrap();
        send(&bus, "poison").await;
        for attempt in 1..=3 {
            let delivery = next(&mut feed).await;
            assert_eq!(delivery.attempt, attempt);
            bus.settle(&[delivery.id], Settle::Requeue).await.unwrap();
        }
        let letter = next(&mut morgue).await;
        assert_eq!(body(&letter), "poison");
        assert_eq!(letter.message.headers.text(header::DEAD_ATTEMPTS), Some("3"));
        nothing(&mut feed).await;
        assert_eq!(bus.lag("shop".into(), ("orders", 0).into()).await.unwrap().messages, 0);
    });
}

/// A dead letter topic that is full loses nothing: what belongs there waits.
#[test]
fn a_message_that_cannot_be_buried_is_not_done() {
    run(async {
        let bus = bus().await;
        let bound = Some(1);
        bus.declare("dead".into(), TopicSettings { bound, ..TopicSettings::queue() })
            .await
            .unwrap();
        let dead_letter = Some("dead".into());
        let mut feed = bus.subscribe(Subscription { dead_letter, ..subscription() }).await.unwrap();
        for text in ["one", "two"] {
            send(&bus, text).await;
            let delivery = next(&mut feed).await;
            bus.settle(&[delivery.id], Settle::Dead("bad".into())).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(bus.lag("shop".into(), ("orders", 0).into()).await.unwrap().messages, 1);
        let morgue = Subscription { start: Start::Earliest, ..Subscription::new("dead", "ops") };
        let mut morgue = bus.subscribe(morgue).await.unwrap();
        for text in ["one", "two"] {
            let letter = next(&mut morgue).await;
            assert_eq!(body(&letter), text);
            bus.settle(&[letter.id], Settle::Ack).await.unwrap();
        }
        assert_eq!(bus.lag("shop".into(), ("orders", 0).into()).await.unwrap().messages, 0);
    });
}

#[test]
fn each_subscriber_gets_everything_and_only_one_of_the_exclusive_ones() {
    run(async {
        let bus = bus().await;
        let broadcast = |group: &str| Subscription {
            sharing: Sharing::Broadcast,
            group: group.into(),
            ..subscription()
        };
        let mut ann = bus.subscribe(broadcast("ann")).await.unwrap();
        let mut bea = bus.subscribe(broadcast("bea")).await.unwrap();
        let exclusive = || Subscription { sharing: Sharing::Exclusive, ..subscription() };
        let mut first = bus.subscribe(exclusive()).await.unwrap();
        let mut second = bus.subscribe(exclusive()).await.unwrap();
        send(&bus, "one").await;
        for feed in [&mut ann, &mut bea, &mut first] {
            assert_eq!(body(&next(feed).await), "one");
        }
        nothing(&mut second).await;
        drop(first);
        assert_eq!(body(&next(&mut second).await), "one");
    });
}

#[test]
fn everything_is_there_after_a_restart_and_the_old_broker_is_fenced() {
    run(async {
        let store = MemoryStore::new();
        let bus = open(&store).await;
        bus.declare("orders".into(), TopicSettings::queue()).await.unwrap();
        let mut feed = bus.subscribe(subscription()).await.unwrap();
        for n in 0..3 {
            send(&bus, &n.to_string()).await;
        }
        let first = next(&mut feed).await;
        bus.settle(std::slice::from_ref(&first.id), Settle::Ack).await.unwrap();
        let second = next(&mut feed).await;

        let successor = open(&store).await;
        let late = bus.publish(Batch::new(("orders", 0), [Message::new("late")])).await;
        assert!(matches!(late, Err(BrokerError::Unknown(_))), "{late:?}");
        assert_eq!(feed.next().await, Some(Err(BrokerError::Fenced)));
        assert_eq!(feed.next().await, None);

        let mut feed = successor.subscribe(subscription()).await.unwrap();
        let again = next(&mut feed).await;
        assert_eq!(body(&again), "1");
        assert_ne!(again.id, second.id);
        assert_eq!(body(&next(&mut feed).await), "2");
        nothing(&mut feed).await;
    });
}

#[test]
fn at_most_once_is_never_twice() {
    run(async {
        let store = MemoryStore::new();
        let bus = open(&store).await;
        bus.declare("orders".into(), TopicSettings::queue()).await.unwrap();
        let at_most_once = Subscription { ack: AckMode::OnDelivery, ..subscription() };
        let mut feed = bus.subscribe(at_most_once.clone()).await.unwrap();
        send(&bus, "one").await;
        send(&bus, "two").await;
        assert_eq!(body(&next(&mut feed).await), "one");
        let bus = open(&store).await;
        let mut feed = bus.subscribe(at_most_once).await.unwrap();
        assert_eq!(body(&next(&mut feed).await), "two");
        nothing(&mut feed).await;
    });
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_happens() {
    run(async {
        let bus = bus().await;
        let dead_letter = Some("nowhere".into());
        let subscribed = bus.subscribe(Subscription { dead_letter, ..subscription() }).await;
        assert_eq!(subscribed.err(), Some(BrokerError::NoTopic("nowhere".into())));
        let none = bus.publish(Batch::new(("orders", 0), [])).await;
        assert!(matches!(none, Err(BrokerError::Invalid(_))));
        let large = Message::new(vec![0; super::MOST_BATCH_BYTES + 1]);
        let large = bus.publish(Batch::new(("orders", 0), [large])).await;
        assert_eq!(large, Err(BrokerError::TooLarge));
        let nowhere = bus.publish(Batch::new(("orders", 1), [Message::new("")])).await;
        assert_eq!(nowhere, Err(BrokerError::NoTopic("orders".into())));
    });
}

#[test]
fn a_topic_that_is_removed_ends_its_feeds_and_leaves_nothing() {
    run(async {
        let store = MemoryStore::new();
        let bus = open(&store).await;
        bus.declare("inbox".into(), TopicSettings::queue()).await.unwrap();
        let mut feed = bus.subscribe(Subscription::new("inbox", "me")).await.unwrap();
        bus.publish(Batch::new(("inbox", 0), [Message::new("one")])).await.unwrap();
        bus.remove("inbox".into()).await.unwrap();
        assert_eq!(feed.next().await, Some(Err(BrokerError::NoTopic("inbox".into()))));
        let left = store.range(crate::store::Range::all(), 100).await.unwrap();
        assert_eq!(left.rows.len(), 1, "only the term: {left:?}");
    });
}

#[test]
fn a_full_topic_says_so() {
    run(async {
        let bus = bus().await;
        let bound = Some(1);
        let overflow = Overflow::Reject;
        bus.declare("orders".into(), TopicSettings { bound, overflow, ..TopicSettings::queue() })
            .await
            .unwrap();
        send(&bus, "one").await;
        let full = bus.publish(Batch::new(("orders", 0), [Message::new("two")])).await;
        assert_eq!(full, Err(BrokerError::Full));
    });
}

#[test]
fn nothing_is_left_in_the_store_of_messages_that_are_done() {
    run(async {
        let store = MemoryStore::new();
        let bus = open(&store).await;
        bus.declare("orders".into(), TopicSettings::queue()).await.unwrap();
        let mut feed = bus.subscribe(subscription()).await.unwrap();
        for _ in 0..1_000 {
            send(&bus, "one").await;
            let delivery = next(&mut feed).await;
            bus.settle(&[delivery.id], Settle::Ack).await.unwrap();
        }
        let left = store.range(crate::store::Range::all(), 1_000).await.unwrap();
        assert!(left.rows.len() < 150, "{} rows", left.rows.len());
    });
}

/// A queue keeps what any group has still to do: one that nobody is of any more would have it keep everything.
#[test]
fn nothing_is_kept_for_a_group_that_is_forgotten() {
    run(async {
        let store = MemoryStore::new();
        let bus = open(&store).await;
        bus.declare("orders".into(), TopicSettings::queue()).await.unwrap();
        let gone = Subscription { group: "gone".into(), ..subscription() };
        drop(bus.subscribe(gone).await.unwrap());
        let mut feed = bus.subscribe(subscription()).await.unwrap();
        for n in 0..300 {
            if n == 150 {
                bus.forget("gone".into(), "orders".into()).await.unwrap();
            }
            send(&bus, "one").await;
            let delivery = next(&mut feed).await;
            bus.settle(&[delivery.id], Settle::Ack).await.unwrap();
        }
        let left = store.range(crate::store::Range::all(), 1_000).await.unwrap();
        assert!(left.rows.len() < 150, "{} rows", left.rows.len());
        let bus = open(&store).await;
        let lag = bus.lag("gone".into(), ("orders", 0).into()).await.unwrap();
        assert_eq!(lag.messages, 0);
    });
}

/// A thousand partitions that do nothing cost nothing.
#[test]
fn many_partitions_time_out_each_at_its_time() {
    run(async {
        let bus = open(&MemoryStore::new()).await;
        bus.declare("orders".into(), TopicSettings::log(1_000)).await.unwrap();
        let many = Subscription { prefetch: 1_000, ..subscription() };
        let mut feed = bus.subscribe(many).await.unwrap();
        for number in [7, 500, 999] {
            let batch = Batch::new(("orders", number), [Message::new(number.to_string())]);
            bus.publish(batch).await.unwrap();
            next(&mut feed).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        for number in ["7", "500", "999"] {
            let again = next(&mut feed).await;
            assert_eq!((body(&again), again.attempt), (number, 2));
        }
    });
}
