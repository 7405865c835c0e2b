use std::sync::Arc;

use super::super::{Doubt, Fate, NoRoom, Producer, ProducerConfig, WhenFull, Why};
use crate::messaging::tests::{Dated, Desk, Flaky, Rates, desk, number, numbered, run, stream};
use crate::messaging::{Acks, Broker, BrokerError, Capabilities, Capability, Offset};
use crate::testing::ms;

fn producer(config: ProducerConfig, world: Dated, desk: &Arc<Desk>) -> Producer<Dated> {
    Producer::new(config, world, stream(1), Arc::clone(desk) as Arc<dyn Broker>).unwrap()
}

#[test]
fn what_is_sent_is_confirmed_and_there() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let producer = producer(ProducerConfig::default(), world, &desk);
        for message in 0..3 {
            let fate = producer.send("t", numbered(message)).await;
            assert!(
                matches!(fate, Fate::Confirmed { offset: Some(Offset(at)), .. } if at == message)
            );
        }
        let counts = producer.close().await;
        assert_eq!((counts.offered, counts.confirmed, counts.pending()), (3, 3, 0));
        let late = producer.send("t", numbered(3)).await;
        assert_eq!(late, Fate::Failed(Why::Closed));
    });
}

#[test]
fn what_the_broker_cannot_do_is_refused_when_it_is_built() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        desk.becomes(Capabilities::all().without(Capability::Idempotence));
        let broker = Arc::clone(&desk) as Arc<dyn Broker>;
        let built = Producer::new(ProducerConfig::default(), world, stream(1), broker);
        let error = built.map(drop).unwrap_err();
        assert_eq!(error, BrokerError::Unsupported(Capability::Idempotence));
        let config = ProducerConfig { idempotent: false, acks: Acks::None, ..Default::default() };
        let posts = producer(config, world, &desk);
        assert_eq!(posts.send("t", numbered(1)).await, Fate::Unknown(Doubt::NotAsked));
        let none = posts.send("none", numbered(1)).await;
        assert!(matches!(none, Fate::Failed(Why::Broker(BrokerError::NoTopic(_)))));
    });
}

/// The broker is away, so the buffer fills up.
#[test]
fn a_full_buffer_does_what_was_said() {
    run(async {
        let rules = [
            (WhenFull::Drop, Fate::Dropped(NoRoom::Buffer), 0),
            (WhenFull::Error, Fate::Failed(Why::BufferFull), 0),
            (WhenFull::Block(ms(300)), Fate::Failed(Why::BufferFull), 300),
        ];
        for (when_full, expected, waits) in rules {
            let (world, desk) = desk("t", 1).await;
            let rates = Rates { refused: 1.0, ..Rates::default() };
            let flaky = Flaky::new(world, desk, stream(2), rates);
            let config = ProducerConfig { when_full, buffer_bytes: 2, ..Default::default() };
            let broker = Arc::clone(&flaky) as Arc<dyn Broker>;
            let producer = Producer::new(config, world, stream(1), broker).unwrap();
            producer.post("t", numbered(0)).await;
            producer.post("t", numbered(1)).await;
            let began = tokio::time::Instant::now();
            assert_eq!(producer.send("t", numbered(2)).await, expected);
            assert_eq!(began.elapsed(), ms(waits));
            flaky.becomes(Rates::default());
            let counts = producer.close().await;
            assert_eq!((counts.confirmed, counts.failed + counts.dropped), (2, 1));
        }
    });
}

#[test]
fn a_blocked_message_goes_on_when_there_is_room() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let producer =
            producer(ProducerConfig { buffer_bytes: 1, ..Default::default() }, world, &desk);
        for message in 0..5 {
            producer.post("t", numbered(message)).await;
        }
        producer.flush().await;
        let there: Vec<_> = desk.log("t", 0).iter().map(|message| number(message)).collect();
        assert_eq!(there, [0, 1, 2, 3, 4]);
    });
}

/// The last handle goes without closing: what was taken is sent.
#[test]
fn a_producer_that_is_dropped_loses_nothing() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let own = producer(ProducerConfig { linger: ms(500), ..Default::default() }, world, &desk);
        let sending = own.enqueue("t", numbered(1)).await;
        drop(own);
        assert!(sending.fate().await.is_confirmed());
    });
}

/// A second one of the same name is there: the first must not go on, and says so.
#[test]
fn who_is_replaced_is_told() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let config = ProducerConfig { name: Some("shop".into()), ..Default::default() };
        let first = producer(config.clone(), world, &desk);
        assert!(first.send("t", numbered(1)).await.is_confirmed());
        let second = producer(config, world, &desk);
        assert!(second.send("t", numbered(2)).await.is_confirmed());
        let fate = first.send("t", numbered(3)).await;
        assert_eq!(fate, Fate::Failed(Why::Broker(BrokerError::Fenced)));
        assert_eq!(desk.log("t", 0).len(), 2);
    });
}

/// Messages of one key are of one partition, all others fill a batch of one partition each.
#[test]
fn keys_have_a_place_and_others_stick() {
    run(async {
        let (world, desk) = desk("t", 8).await;
        let producer = producer(ProducerConfig::default(), world, &desk);
        for message in 0..20 {
            producer.post("t", numbered(message).key("order-7")).await;
        }
        producer.flush().await;
        let used = |desk: &Desk| (0..8).filter(|number| !desk.log("t", *number).is_empty()).count();
        assert_eq!(used(&desk), 1);
        for message in 0..20 {
            producer.post("t", numbered(message)).await;
        }
        producer.flush().await;
        assert!(used(&desk) <= 2);
    });
}
