use super::super::{AckWhen, ConsumerConfig, Fault};
use super::{Effects, SECOND, config, publish_numbers, start, subscription};
use crate::messaging::tests::{desk, run};
use crate::messaging::{
    AckMode, Backoff, Broker, Delivery, Settle, Subscription, TopicSettings, header,
};
use crate::testing::ms;

#[test]
fn what_fails_comes_again_after_its_rest() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 2).await;
        let effects = Effects::default();
        let backoff = Backoff::Doubling { first: SECOND, most: SECOND * 60 };
        let config = ConsumerConfig::new(Subscription { backoff, ..subscription() });
        let handler = effects.failing(|number, attempt| {
            (number == 0 && attempt < 3).then(|| Fault::again("not yet"))
        });
        let consumer = start(config, world, &desk, handler);
        tokio::time::sleep(SECOND * 4).await;
        assert_eq!(effects.all(), [1, 0], "it is overtaken");
        let counts = consumer.counts();
        assert_eq!((counts.faults, counts.retried, counts.done), (2, 2, 2));
        let rests: Vec<_> = desk.settled().into_iter().map(|(_, settle, _)| settle).collect();
        assert!(rests.contains(&Settle::RequeueAfter(SECOND)), "{rests:?}");
        assert!(rests.contains(&Settle::RequeueAfter(SECOND * 2)), "{rests:?}");
    });
}

/// † It can never be done, and is with the dead letters at once, with why.
#[test]
fn poison_is_a_dead_letter() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        desk.declare("dead".into(), TopicSettings::default()).await.unwrap();
        publish_numbers(&desk, 3).await;
        let effects = Effects::default();
        let dead_letter = Some("dead".into());
        let config = ConsumerConfig::new(Subscription { dead_letter, ..subscription() });
        let handler = effects.failing(|number, _| (number == 1).then(|| Fault::poison("no order")));
        let consumer = start(config, world, &desk, handler);
        tokio::time::sleep(SECOND).await;
        assert_eq!((effects.all(), consumer.counts().dead), (vec![0, 2], 1));
        let dead = desk.log("dead", 0);
        assert_eq!((dead.len(), dead[0].headers.text(header::DEAD_REASON)), (1, Some("no order")));
    });
}

/// † It fails each time: its attempts come to an end, and nobody else waits for that.
#[test]
fn what_always_fails_is_dead_after_its_attempts() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        desk.declare("dead".into(), TopicSettings::default()).await.unwrap();
        publish_numbers(&desk, 2).await;
        let effects = Effects::default();
        let dead_letter = Some("dead".into());
        let own = Subscription { dead_letter, attempts: Some(4), ..subscription() };
        let handler = effects.failing(|number, _| (number == 0).then(|| Fault::again("never")));
        let consumer = start(ConsumerConfig::new(own), world, &desk, handler);
        tokio::time::sleep(SECOND).await;
        assert_eq!((effects.all(), consumer.counts().faults), (vec![1], 4));
        assert_eq!(desk.log("dead", 0).len(), 1);
    });
}

#[test]
fn a_handler_that_panics_has_failed() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 1).await;
        let effects = Effects::default();
        let own = effects.clone();
        let handler = move |delivery: Delivery| {
            let own = own.clone();
            async move {
                if delivery.attempt == 1 {
                    std::panic::resume_unwind(Box::new("planted"));
                }
                own.add(&delivery);
                Ok(())
            }
        };
        let consumer = start(config(), world, &desk, handler);
        tokio::time::sleep(SECOND).await;
        assert_eq!((effects.all(), consumer.counts().faults), (vec![0], 1));
    });
}

#[test]
fn what_is_acknowledged_before_its_work_is_lost_with_it() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 2).await;
        let effects = Effects::default();
        let config = ConsumerConfig { ack: AckWhen::Before, ..config() };
        let handler = effects.failing(|number, _| (number == 0).then(|| Fault::again("not yet")));
        let consumer = start(config, world, &desk, handler);
        tokio::time::sleep(SECOND * 60).await;
        let counts = consumer.counts();
        assert_eq!((effects.all(), counts.lost, counts.done), (vec![1], 1, 1));
        assert_eq!((counts.delivered, desk.done("g").len()), (2, 2));
    });
}

#[test]
fn a_handler_may_say_when_it_wants_a_message_again() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 1).await;
        let effects = Effects::default();
        let handler = effects.failing(|_, attempt| {
            (attempt == 1).then(|| Fault::Later(SECOND * 7, "closed".into()))
        });
        let _consumer = start(config(), world, &desk, handler);
        tokio::time::sleep(SECOND * 7 - ms(10)).await;
        assert_eq!(effects.all(), [0; 0]);
        tokio::time::sleep(ms(20)).await;
        assert_eq!(effects.all(), [0]);
    });
}

/// Only what is handled next: a consumer that dies has lost no more than it was doing.
#[test]
fn no_more_is_acknowledged_before_its_work_than_is_begun() {
    run(async {
        let (world, desk) = desk("t", 1).await;
        publish_numbers(&desk, 20).await;
        let effects = Effects::default();
        let config = ConsumerConfig { ack: AckWhen::Before, concurrency: 2, ..config() };
        let consumer = start(config, world, &desk, effects.handler(SECOND));
        tokio::time::sleep(ms(1_500)).await;
        drop(consumer);
        tokio::time::sleep(ms(1)).await;
        assert_eq!((effects.all().len(), desk.done("g").len()), (2, 4));
    });
}

/// It cannot be given back, as nobody would be delivered it again.
#[test]
fn what_is_acknowledged_and_stopped_is_counted_as_lost() {
    run(async {
        for ack in [AckMode::Explicit, AckMode::OnDelivery] {
            let (world, desk) = desk("t", 1).await;
            publish_numbers(&desk, 3).await;
            let is_explicit = ack == AckMode::Explicit;
            let own = Subscription { ack, ..subscription() };
            let ack = if is_explicit { AckWhen::Before } else { AckWhen::After };
            let config = ConsumerConfig { ack, drain: SECOND, ..ConsumerConfig::new(own) };
            let consumer = start(config, world, &desk, Effects::default().handler(SECOND * 9));
            tokio::time::sleep(ms(10)).await;
            let counts = consumer.drain().await.unwrap();
            let expected = if is_explicit { (1, 2) } else { (3, 0) };
            assert_eq!((counts.lost, counts.returned), expected);
        }
    });
}
