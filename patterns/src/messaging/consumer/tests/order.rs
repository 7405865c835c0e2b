use std::sync::Arc;

use super::super::{Consumer, ConsumerConfig, Fault, Order};
use super::{Effects, SECOND, publish, start, subscription};
use crate::messaging::tests::{Flaky, Rates, desk, numbered, run, stream};
use crate::messaging::{Backoff, Broker, Subscription, TopicSettings};
use crate::testing::ms;

fn config(attempts: u32) -> ConsumerConfig {
    let backoff = Backoff::Steps(vec![SECOND]);
    let dead_letter = Some("dead".into());
    let own = Subscription { backoff, dead_letter, attempts: Some(attempts), ..subscription() };
    ConsumerConfig { order: Order::Key, concurrency: 4, ..ConsumerConfig::new(own) }
}

/// † A message fails and rests: those of its key wait behind it, all others go on.
#[test]
fn a_key_is_parked_while_its_message_is_retried() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        desk.declare("dead".into(), TopicSettings::default()).await.unwrap();
        publish(&desk, (0..8).map(|n| numbered(n).key(if n % 2 == 0 { "even" } else { "odd" })))
            .await;
        let effects = Effects::default();
        let tried = std::sync::atomic::AtomicU32::new(0);
        let handler = effects.failing(move |number, _| {
            let fails = number == 2 && tried.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2;
            fails.then(|| Fault::again("not yet"))
        });
        let consumer = start(config(20), world, &desk, handler);
        tokio::time::sleep(ms(500)).await;
        let mut first = effects.all();
        first.sort_unstable();
        assert_eq!(first, [0, 1, 3, 5, 7]);
        tokio::time::sleep(SECOND * 3).await;
        let (even, odd): (Vec<_>, Vec<_>) = effects.all().into_iter().partition(|n| n % 2 == 0);
        assert_eq!((even, odd), (vec![0, 2, 4, 6], vec![1, 3, 5, 7]));
        let counts = consumer.counts();
        assert_eq!((counts.delivered, counts.retried, counts.done), (8, 2, 8));
    });
}

/// † Poison does not hold up its key for ever.
#[test]
fn a_key_goes_on_when_its_message_is_dead() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        desk.declare("dead".into(), TopicSettings::default()).await.unwrap();
        publish(&desk, (0..3).map(|number| numbered(number).key("k"))).await;
        let effects = Effects::default();
        let handler = effects.failing(|number, _| (number == 0).then(|| Fault::again("never")));
        let consumer = start(config(3), world, &desk, handler);
        tokio::time::sleep(SECOND * 4).await;
        assert_eq!((effects.all(), consumer.counts().dead), (vec![1, 2], 1));
        assert_eq!(desk.log("dead", 0).len(), 1);
    });
}

/// Longer than a message may stay with who does not settle it: what waits is extended as well.
#[test]
fn what_waits_behind_a_slow_message_is_not_delivered_again() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        desk.declare("dead".into(), TopicSettings::default()).await.unwrap();
        publish(&desk, (0..3).map(|number| numbered(number).key("k"))).await;
        let effects = Effects::default();
        let consumer = start(config(20), world, &desk, effects.handler(SECOND * 50));
        tokio::time::sleep(SECOND * 151).await;
        assert_eq!((effects.all(), consumer.counts().delivered), (vec![0, 1, 2], 3));
    });
}

/// Its time is over while it rests here, and the broker delivers it again: what is behind it is given back, and not done
/// before it.
#[test]
fn what_is_behind_a_message_that_was_taken_away_waits_for_it() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        let own = Arc::clone(&desk) as Arc<dyn Broker>;
        let flaky = Flaky::new(world, own, stream(1), Rates::default());
        let effects = Effects::default();
        let handler = effects.failing(|number, attempt| {
            let fails = number == 0 && attempt == 1;
            fails.then(|| Fault::Later(SECOND * 10, "not yet".into()))
        });
        let own = Subscription { ack_wait: SECOND * 3, ..subscription() };
        let config = ConsumerConfig { order: Order::Key, ..ConsumerConfig::new(own) };
        let broker = Arc::clone(&flaky) as Arc<dyn Broker>;
        let consumer = Consumer::start(config, world, stream(2), broker, handler).unwrap();
        publish(&desk, [numbered(0).key("k")]).await;
        tokio::time::sleep(ms(500)).await;
        flaky.becomes(Rates { lost: 1.0, ..Rates::default() });
        tokio::time::sleep(ms(1_500)).await;
        publish(&desk, [numbered(1).key("k")]).await;
        tokio::time::sleep(ms(1_500)).await;
        flaky.becomes(Rates::default());
        tokio::time::sleep(SECOND * 20).await;
        assert_eq!(effects.all(), [0, 1]);
        assert!(consumer.counts().returned >= 2, "{:?}", consumer.counts());
    });
}
