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
