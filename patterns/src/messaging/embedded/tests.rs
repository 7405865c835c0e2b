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

mod transactions {
    use super::*;
    use crate::messaging::conclusion::{Conclusion, End};
    use crate::messaging::delivery::DeliveryId;
    use crate::messaging::identity::{Numbered, ProducerIdentity, Sequence};

    async fn buses(store: &MemoryStore) -> Embedded<TokioWorld> {
        let bus = open(store).await;
        for topic in ["orders", "bills"] {
            bus.declare(topic.into(), TopicSettings::queue()).await.unwrap();
        }
        bus
    }

    fn of(producer: ProducerIdentity, first: u32, body: &str) -> Batch {
        let numbered = Some(Numbered { producer, first: Sequence::new(first) });
        let batch = Batch::new(("bills", 0), [Message::new(body)]);
        Batch { numbered, transactional: true, ..batch }
    }

    fn bills() -> Subscription {
        let start = Start::Earliest;
        Subscription { start, committed_only: true, ..Subscription::new("bills", "bank") }
    }

    fn commit(producer: ProducerIdentity, ids: &[&DeliveryId]) -> Conclusion {
        let ids = ids.iter().map(|id| (*id).clone()).collect();
        Conclusion { producer, end: End::Commit(ids) }
    }

    #[test]
    fn what_is_consumed_and_what_is_made_of_it_are_one() {
        run(async {
            let store = MemoryStore::new();
            let bus = buses(&store).await;
            let mut orders = bus.subscribe(subscription()).await.unwrap();
            let mut bank = bus.subscribe(bills()).await.unwrap();
            let producer = bus.identify(Some("biller".into())).await.unwrap();
            send(&bus, "one").await;
            let order = next(&mut orders).await;
            bus.publish(of(producer, 0, "bill")).await.unwrap();
            nothing(&mut bank).await;
            let conclusion = commit(producer, &[&order.id]);
            bus.conclude(conclusion.clone()).await.unwrap();
            assert_eq!(body(&next(&mut bank).await), "bill");
            // Whoever has not heard that it is done may ask again.
            assert_eq!(bus.conclude(conclusion).await, Ok(()));
            let settled = bus.settle(&[order.id], Settle::Ack).await.unwrap();
            assert_eq!(settled, [Settled::Gone]);
        });
    }

    #[test]
    fn what_is_aborted_was_never_there() {
        run(async {
            let bus = buses(&MemoryStore::new()).await;
            let mut bank = bus.subscribe(bills()).await.unwrap();
            let producer = bus.identify(None).await.unwrap();
            bus.publish(of(producer, 0, "bill")).await.unwrap();
            bus.conclude(Conclusion { producer, end: End::Abort }).await.unwrap();
            bus.publish(of(producer, 1, "other")).await.unwrap();
            bus.conclude(commit(producer, &[])).await.unwrap();
            assert_eq!(body(&next(&mut bank).await), "other");
        });
    }

    /// Somebody else has the message: what was made of it would be there twice.
    #[test]
    fn a_transaction_whose_delivery_is_over_is_aborted() {
        run(async {
            let bus = buses(&MemoryStore::new()).await;
            let mut orders = bus.subscribe(subscription()).await.unwrap();
            let mut bank = bus.subscribe(bills()).await.unwrap();
            let producer = bus.identify(None).await.unwrap();
            send(&bus, "one").await;
            let first = next(&mut orders).await;
            bus.publish(of(producer, 0, "bill")).await.unwrap();
            tokio::time::sleep(Duration::from_secs(31)).await;
            let again = next(&mut orders).await;
            let late = bus.conclude(commit(producer, &[&first.id])).await;
            assert_eq!(late, Err(BrokerError::Fenced));
            bus.publish(of(producer, 1, "again")).await.unwrap();
            bus.conclude(commit(producer, &[&again.id])).await.unwrap();
            assert_eq!(body(&next(&mut bank).await), "again");
            nothing(&mut bank).await;
        });
    }

    #[test]
    fn what_was_open_when_the_broker_died_is_aborted() {
        run(async {
            let store = MemoryStore::new();
            let bus = buses(&store).await;
            let producer = bus.identify(Some("biller".into())).await.unwrap();
            bus.publish(of(producer, 0, "bill")).await.unwrap();
            let bus = open(&store).await;
            let mut bank = bus.subscribe(bills()).await.unwrap();
            let lost = bus.publish(of(producer, 1, "rest")).await;
            assert_eq!(lost, Err(BrokerError::NoTransaction));
            let lost = bus.conclude(commit(producer, &[])).await;
            assert_eq!(lost, Err(BrokerError::NoTransaction));
            let next_one = bus.identify(Some("biller".into())).await.unwrap();
            assert_eq!((next_one.id, next_one.epoch), (producer.id, producer.epoch + 1));
            bus.publish(of(next_one, 0, "new")).await.unwrap();
            bus.conclude(commit(next_one, &[])).await.unwrap();
            assert_eq!(body(&next(&mut bank).await), "new");
        });
    }

    #[test]
    fn a_second_one_of_the_same_name_fences_the_first() {
        run(async {
            let bus = buses(&MemoryStore::new()).await;
            let mut bank = bus.subscribe(bills()).await.unwrap();
            let first = bus.identify(Some("biller".into())).await.unwrap();
            bus.publish(of(first, 0, "half")).await.unwrap();
            let second = bus.identify(Some("biller".into())).await.unwrap();
            assert_eq!(bus.publish(of(first, 1, "x")).await, Err(BrokerError::Fenced));
            bus.publish(of(second, 0, "whole")).await.unwrap();
            bus.conclude(commit(second, &[])).await.unwrap();
            assert_eq!(body(&next(&mut bank).await), "whole");
        });
    }

    #[test]
    fn a_transaction_that_takes_too_long_is_aborted_and_holds_nobody_up() {
        run(async {
            let bus = buses(&MemoryStore::new()).await;
            let mut bank = bus.subscribe(bills()).await.unwrap();
            let producer = bus.identify(None).await.unwrap();
            bus.publish(of(producer, 0, "slow")).await.unwrap();
            bus.publish(Batch::new(("bills", 0), [Message::new("behind")])).await.unwrap();
            nothing(&mut bank).await;
            tokio::time::sleep(Duration::from_secs(61)).await;
            assert_eq!(body(&next(&mut bank).await), "behind");
            let late = bus.conclude(commit(producer, &[])).await;
            assert_eq!(late, Err(BrokerError::NoTransaction));
        });
    }

    /// Killed after any number of commits of the store: all of a transaction, or nothing.
    #[test]
    fn a_crash_at_every_step_leaves_all_of_a_transaction_or_nothing() {
        for commits in 0..40 {
            run(async {
                let store = MemoryStore::new();
                let bus = buses(&store).await;
                let mut orders = bus.subscribe(subscription()).await.unwrap();
                let producer = bus.identify(Some("biller".into())).await.unwrap();
                send(&bus, "one").await;
                let order = next(&mut orders).await;
                bus.publish(of(producer, 0, "a")).await.unwrap();
                bus.publish(of(producer, 1, "b")).await.unwrap();
                let conclude = bus.conclude(commit(producer, &[&order.id]));
                let told = tokio::spawn(conclude);
                for _ in 0..commits {
                    tokio::task::yield_now().await;
                }
                let bus = open(&store).await;
                let mut bank = bus.subscribe(bills()).await.unwrap();
                let mut orders = bus.subscribe(subscription()).await.unwrap();
                let mut got = Vec::new();
                let soon = Duration::from_millis(10);
                while let Ok(Some(Ok(Fed::Delivery(delivery)))) =
                    tokio::time::timeout(soon, bank.next()).await
                {
                    got.push(body(&delivery).to_owned());
                }
                let left = tokio::time::timeout(soon, orders.next()).await.is_ok();
                let told = told.await.unwrap();
                match got.len() {
                    0 => assert!(left && told.is_err(), "after {commits}: {told:?}"),
                    _ => assert!(!left && got == ["a", "b"], "after {commits}: {got:?}"),
                }
            });
        }
    }
}

mod groups {
    use std::collections::BTreeSet;

    use super::*;
    use crate::messaging::ids::Partition;
    use crate::messaging::sharing::Assignor;

    fn member(assignor: Assignor) -> Subscription {
        Subscription { sharing: Sharing::Partitions(assignor), ..subscription() }
    }

    async fn log(partitions: u32) -> Embedded<TokioWorld> {
        let bus = open(&MemoryStore::new()).await;
        bus.declare("orders".into(), TopicSettings::log(partitions)).await.unwrap();
        bus
    }

    async fn fill(bus: &Embedded<TokioWorld>, partitions: u32) {
        for number in 0..partitions {
            let batch = Batch::new(("orders", number), [Message::new(number.to_string())]);
            bus.publish(batch).await.unwrap();
        }
    }

    /// Everything that a feed tells within a moment.
    async fn told(feed: &mut Box<dyn Feed>) -> Vec<Fed> {
        let mut all = Vec::new();
        let soon = Duration::from_millis(10);
        while let Ok(Some(Ok(fed))) = tokio::time::timeout(soon, feed.next()).await {
            all.push(fed);
        }
        all
    }

    fn deliveries(told: &[Fed]) -> Vec<Delivery> {
        let deliveries = told.iter().filter_map(|fed| match fed {
            Fed::Delivery(delivery) => Some(delivery.clone()),
            _ => None,
        });
        deliveries.collect()
    }

    #[test]
    fn each_partition_goes_to_one_member_and_moves_when_another_comes_or_goes() {
        let all = [Assignor::Range, Assignor::RoundRobin, Assignor::CooperativeSticky];
        for assignor in all {
            run(async {
                let bus = log(4).await;
                let mut ann = bus.subscribe(member(assignor)).await.unwrap();
                fill(&bus, 4).await;
                assert_eq!(deliveries(&told(&mut ann).await).len(), 4);
                let mut bea = bus.subscribe(member(assignor)).await.unwrap();
                // What was taken from ann and not settled is with bea.
                let moved = deliveries(&told(&mut bea).await);
                assert_eq!(moved.len(), 2, "{assignor:?}");
                fill(&bus, 4).await;
                let (of_ann, of_bea) = (told(&mut ann).await, told(&mut bea).await);
                let partitions = |told: &[Fed]| -> BTreeSet<Partition> {
                    let of = deliveries(told).into_iter();
                    of.map(|delivery| delivery.id.source.partition.clone()).collect()
                };
                assert!(partitions(&of_ann).is_disjoint(&partitions(&of_bea)));
                assert!(of_ann.iter().any(|fed| matches!(fed, Fed::Revoked(_))));
                drop(ann);
                let rest = deliveries(&told(&mut bea).await);
                assert!(rest.len() >= 4, "{assignor:?}: {}", rest.len());
            });
        }
    }

    /// Kafka's generation fence: a member that was taken for dead commits nothing.
    #[test]
    fn who_does_not_ask_is_out_and_what_it_says_is_void() {
        run(async {
            let bus = log(2).await;
            let mut ann = bus.subscribe(member(Assignor::CooperativeSticky)).await.unwrap();
            fill(&bus, 2).await;
            let had = deliveries(&told(&mut ann).await);
            fill(&bus, 2).await;
            let still = next(&mut ann).await;
            // Now it is busy for longer than it may be.
            tokio::time::sleep(Duration::from_secs(299)).await;
            let settled = bus.settle(&[still.id], Settle::Working).await.unwrap();
            assert_eq!(settled, [Settled::Stale], "the ack wait is shorter");
            tokio::time::sleep(Duration::from_secs(2)).await;
            let mut bea = bus.subscribe(member(Assignor::CooperativeSticky)).await.unwrap();
            assert_eq!(deliveries(&told(&mut bea).await).len(), 4);
            let settled = bus.settle(&[had[0].id.clone()], Settle::Ack).await.unwrap();
            assert_eq!(settled, [Settled::Stale]);
            let revoked = ann.next().await;
            assert!(matches!(revoked, Some(Ok(Fed::Revoked(_)))), "{revoked:?}");
            assert_eq!(ann.next().await, Some(Err(BrokerError::Fenced)));
            assert_eq!(ann.next().await, None);
        });
    }

    #[test]
    fn a_member_that_waits_for_messages_lives() {
        run(async {
            let bus = log(1).await;
            let mut ann = bus.subscribe(member(Assignor::CooperativeSticky)).await.unwrap();
            told(&mut ann).await;
            let waits = tokio::spawn(async move { body(&next(&mut ann).await).to_owned() });
            tokio::time::sleep(Duration::from_secs(3_000)).await;
            fill(&bus, 1).await;
            assert_eq!(waits.await.unwrap(), "0");
        });
    }

    #[test]
    fn a_static_member_that_is_back_has_its_partitions_and_the_old_one_is_fenced() {
        run(async {
            let bus = log(4).await;
            let named = |name: &str| Subscription {
                member: Some(name.into()),
                ..member(Assignor::CooperativeSticky)
            };
            let mut ann = bus.subscribe(named("ann")).await.unwrap();
            let mut bea = bus.subscribe(named("bea")).await.unwrap();
            told(&mut ann).await;
            let before = told(&mut bea).await;
            drop(bea);
            let mut bea = bus.subscribe(named("bea")).await.unwrap();
            let after = told(&mut bea).await;
            let assigned = |told: &[Fed]| -> BTreeSet<Partition> {
                let of = told.iter().filter_map(|fed| match fed {
                    Fed::Assigned(_, partitions) => Some(partitions.clone()),
                    _ => None,
                });
                of.flatten().collect()
            };
            assert_eq!(assigned(&before), assigned(&after));
            assert_eq!(told(&mut ann).await, [], "nothing has moved");
            let mut other = bus.subscribe(named("bea")).await.unwrap();
            assert_eq!(assigned(&told(&mut other).await), assigned(&after));
            assert!(matches!(bea.next().await, Some(Err(BrokerError::Fenced))));
        });
    }

    #[test]
    fn new_partitions_are_read_by_who_is_there() {
        run(async {
            let bus = log(1).await;
            let mut ann = bus.subscribe(member(Assignor::Range)).await.unwrap();
            let competing = Subscription { group: "other".into(), ..subscription() };
            let mut bea = bus.subscribe(competing).await.unwrap();
            bus.declare("orders".into(), TopicSettings::log(3)).await.unwrap();
            fill(&bus, 3).await;
            for feed in [&mut ann, &mut bea] {
                assert_eq!(deliveries(&told(feed).await).len(), 3);
            }
        });
    }
}
