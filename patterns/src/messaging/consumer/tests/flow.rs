use std::sync::Arc;
use std::time::Duration;

use super::super::{AckWhen, Consumer, ConsumerConfig, Fault, Handler};
use super::{Effects, SECOND, config, publish, publish_numbers, start, subscription};
use crate::call::BoxFuture;
use crate::messaging::tests::{desk, numbered, run, stream};
use crate::messaging::{
    Broker, BrokerError, Capabilities, Capability, Delivery, Fed, Generation, Offset, Partition,
    Settle, Sharing, Subscription, TopicSettings,
};
use crate::sync::lock;
use crate::testing::ms;

#[test]
fn what_the_broker_cannot_do_is_refused_when_it_is_built() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        desk.becomes(Capabilities::all().without(Capability::Working));
        let broker = Arc::clone(&desk) as Arc<dyn Broker>;
        let handler = Effects::default().handler(ms(1));
        let built = Consumer::start(config(), world, stream(1), broker, handler);
        assert_eq!(built.unwrap_err(), BrokerError::Unsupported(Capability::Working));
        let without = ConsumerConfig { extend: false, ..config() };
        drop(start(without, world, &desk, Effects::default().handler(ms(1))));
    });
}

#[test]
fn so_many_are_done_at_a_time() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 10).await;
        for (concurrency, takes) in [(1, 10), (5, 2), (20, 1)] {
            let effects = Effects::default();
            let name = format!("g{concurrency}");
            let own = Subscription { group: name.as_str().into(), ..subscription() };
            let config = ConsumerConfig { concurrency, ..ConsumerConfig::new(own) };
            let consumer = start(config, world, &desk, effects.handler(SECOND));
            tokio::time::sleep(SECOND * takes + ms(1)).await;
            assert_eq!((effects.all().len(), consumer.counts().done), (10, 10), "{concurrency}");
        }
    });
}

/// † It takes three times as long as a message may stay with who does not settle it.
#[test]
fn a_slow_handler_is_given_more_time() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 1).await;
        let effects = Effects::default();
        let consumer = start(config(), world, &desk, effects.handler(SECOND * 90));
        tokio::time::sleep(SECOND * 91).await;
        let counts = consumer.counts();
        assert_eq!((counts.delivered, counts.done, counts.overtaken), (1, 1, 0));
        let asked =
            desk.settled().iter().filter(|(_, settle, _)| *settle == Settle::Working).count();
        assert_eq!(asked, 8, "each third of 30 s");
    });
}

#[test]
fn a_slow_handler_that_is_not_is_overtaken_and_that_is_counted() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 1).await;
        let effects = Effects::default();
        let config = ConsumerConfig { extend: false, concurrency: 2, ..config() };
        let consumer = start(config, world, &desk, effects.handler(SECOND * 40));
        tokio::time::sleep(SECOND * 100).await;
        assert_eq!((effects.all(), consumer.counts().overtaken), (vec![0, 0], 2));
    });
}

#[test]
fn a_paused_consumer_begins_nothing_and_loses_nothing() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let effects = Effects::default();
        let consumer = start(config(), world, &desk, effects.handler(SECOND));
        publish_numbers(&desk, 3).await;
        tokio::time::sleep(ms(500)).await;
        consumer.pause();
        publish(&desk, [numbered(3)]).await;
        tokio::time::sleep(SECOND * 300).await;
        assert_eq!(effects.all(), [0], "what was begun is done");
        consumer.resume();
        tokio::time::sleep(SECOND * 4).await;
        let counts = consumer.counts();
        assert_eq!((effects.all(), counts.delivered), (vec![0, 1, 2, 3], 4), "each came once");
    });
}

#[test]
fn a_drain_does_what_is_there_and_takes_nothing_more() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 10).await;
        let effects = Effects::default();
        let own = Subscription { prefetch: 4, ..subscription() };
        let config = ConsumerConfig::new(own);
        let consumer = start(config, world, &desk, effects.handler(SECOND));
        tokio::time::sleep(ms(500)).await;
        let counts = consumer.drain().await.unwrap();
        assert_eq!((effects.all(), counts.done, counts.returned), (vec![0, 1, 2, 3], 4, 0));
        assert_eq!(desk.done("g").len(), 4);
    });
}

#[test]
fn what_is_not_done_when_the_drain_is_over_is_given_back() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 3).await;
        let effects = Effects::default();
        let config = ConsumerConfig { drain: SECOND * 5, ..config() };
        let consumer = start(config, world, &desk, effects.handler(SECOND * 3));
        tokio::time::sleep(ms(500)).await;
        let began = tokio::time::Instant::now();
        let counts = consumer.drain().await.unwrap();
        assert_eq!((began.elapsed(), counts.done, counts.returned), (SECOND * 5, 1, 2));
        let next = start(super::config(), world, &desk, effects.handler(ms(1)));
        tokio::time::sleep(SECOND).await;
        assert_eq!((effects.all(), next.counts().again), (vec![0, 1, 2], 2));
    });
}

#[test]
fn what_was_handled_is_acknowledged_together() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 3).await;
        let config = ConsumerConfig { ack: AckWhen::Auto(SECOND * 5), ..config() };
        let consumer = start(config, world, &desk, Effects::default().handler(SECOND));
        tokio::time::sleep(SECOND * 4).await;
        assert_eq!(desk.done("g"), []);
        tokio::time::sleep(SECOND * 3).await;
        assert_eq!((desk.done("g").len(), consumer.counts().done), (3, 3));
    });
}

/// Kafka polls on, however much it has not committed.
#[test]
fn what_waits_to_be_acknowledged_takes_no_room() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 50).await;
        let own = Subscription { prefetch: 4, ..subscription() };
        let config = ConsumerConfig { ack: AckWhen::Auto(SECOND * 5), ..ConsumerConfig::new(own) };
        let effects = Effects::default();
        let consumer = start(config, world, &desk, effects.handler(ms(10)));
        tokio::time::sleep(SECOND * 4).await;
        assert_eq!((effects.all().len(), desk.done("g").len()), (50, 0));
        tokio::time::sleep(SECOND * 3).await;
        assert_eq!((desk.done("g").len(), consumer.counts().done), (50, 50));
    });
}

/// The broker closes the feed, as it does when it is restarted.
#[test]
fn a_feed_that_is_lost_is_asked_for_again() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let effects = Effects::default();
        let consumer = start(config(), world, &desk, effects.handler(ms(1)));
        tokio::time::sleep(ms(10)).await;
        desk.tells(Err(BrokerError::Unavailable("planted".into())));
        publish_numbers(&desk, 2).await;
        tokio::time::sleep(SECOND * 2).await;
        assert_eq!((effects.all(), consumer.counts().reconnected), (vec![0, 1], 1));
    });
}

#[test]
fn a_consumer_that_is_fenced_ends_and_says_so() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let mut consumer = start(config(), world, &desk, Effects::default().handler(ms(1)));
        tokio::time::sleep(ms(10)).await;
        desk.tells(Err(BrokerError::Fenced));
        assert_eq!(consumer.ended().await, Err(BrokerError::Fenced));
    });
}

/// Remembers what it is told besides messages.
#[derive(Clone, Default)]
struct Listener(Arc<std::sync::Mutex<Vec<String>>>);

impl Handler for Listener {
    fn handle(&self, _: Delivery) -> BoxFuture<Result<(), Fault>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(10)).await;
            Ok(())
        })
    }
    fn assigned(&self, generation: Generation, partitions: &[Partition]) {
        lock(&self.0).push(format!("{generation}: {} more", partitions.len()));
    }
    fn revoked(&self, partitions: &[Partition]) {
        lock(&self.0).push(format!("{} less", partitions.len()));
    }
    fn skipped(&self, partition: &Partition, from: Offset, to: Offset) {
        lock(&self.0).push(format!("{partition}: {from} to {to}"));
    }
}

/// What is not begun is left to whoever has the partition now.
#[test]
fn a_handler_is_told_of_partitions_and_gaps() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 3).await;
        let listener = Listener::default();
        let own =
            Subscription { sharing: Sharing::Partitions(Default::default()), ..subscription() };
        let consumer = start(ConsumerConfig::new(own), world, &desk, listener.clone());
        tokio::time::sleep(SECOND).await;
        let partition = Partition::new("t", 0);
        desk.tells(Ok(Fed::Gap(partition.clone(), Offset(3), Offset(8))));
        desk.tells(Ok(Fed::Revoked(vec![partition])));
        tokio::time::sleep(SECOND).await;
        assert_eq!(*lock(&listener.0), ["1: 1 more", "t/0: 3 to 8", "1 less"]);
        assert_eq!((consumer.counts().returned, consumer.counts().skipped), (2, 5));
    });
}

#[test]
fn a_manual_consumer_says_nothing_by_itself() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        desk.declare("dead".into(), TopicSettings::default()).await.unwrap();
        publish_numbers(&desk, 2).await;
        let broker = Arc::clone(&desk);
        let handler = move |delivery: Delivery| {
            let broker = Arc::clone(&broker);
            async move {
                let settle =
                    if delivery.id.offset == Offset(0) { Settle::Ack } else { return Ok(()) };
                broker
                    .settle(&[delivery.id], settle)
                    .await
                    .map(drop)
                    .map_err(|it| Fault::again(it.to_string()))
            }
        };
        let config = ConsumerConfig { ack: AckWhen::Manual, extend: false, ..config() };
        let consumer = start(config, world, &desk, handler);
        tokio::time::sleep(SECOND * 20).await;
        assert_eq!((desk.done("g").len(), consumer.counts().done), (1, 2));
    });
}
