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
