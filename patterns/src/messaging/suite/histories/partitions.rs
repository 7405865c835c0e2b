use std::collections::BTreeSet;
use std::sync::Arc;

use crate::messaging::feed::{Fed, Feed};
use crate::messaging::ids::Topic;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::sharing::{Assignor, Sharing};
use crate::messaging::start::Start;
use crate::messaging::subscription::Subscription;
use crate::messaging::suite::stage::{Stage, body};

/// What is before an offset is done with it, and what is behind it comes to whoever goes on.
pub(super) async fn what_is_before_an_offset_is_done(stage: Arc<Stage>) {
    let (topic, _) = stage.parted("log", 1).await;
    let own = stage.subscription(&topic, "shop");
    let mut feed = stage.subscribe(own.clone()).await;
    stage.publish(&topic, &["0", "1", "2", "3", "4"]).await;
    let mut all = Vec::new();
    while all.len() < 5 {
        all.push(stage.next(&mut feed).await);
    }
    assert_eq!(stage.settle(&all[2], Settle::AckThrough).await, Settled::Done);
    assert_eq!(stage.settle(&all[1], Settle::AckThrough).await, Settled::Gone);
    drop(feed);
    let mut feed = stage.subscribe(own).await;
    assert_eq!(stage.take(&mut feed, 2).await, ["3", "4"]);
    stage.nothing(&mut feed).await;
}

/// A member of a group that shares partitions.
fn member(stage: &Stage, topic: &Topic) -> Subscription {
    let own = stage.subscription(topic, "shop");
    let sharing = match own.sharing {
        Sharing::Partitions(assignor) => Sharing::Partitions(assignor),
        _ => Sharing::Partitions(Assignor::default()),
    };
    Subscription { sharing, ..own }
}

/// Which partitions somebody has who is told this.
async fn told(stage: &Stage, feed: &mut Box<dyn Feed>, has: &mut BTreeSet<u32>) {
    let told = stage.within(feed.next()).await;
    match told {
        Some(Ok(Fed::Assigned(_, all))) => has.extend(all.iter().map(|it| it.number)),
        Some(Ok(Fed::Revoked(all))) => {
            has.retain(|number| all.iter().all(|it| it.number != *number));
        }
        Some(Ok(_)) => {}
        other => panic!("{other:?}"),
    }
}

/// What two feeds are given when both are there. What they are delivered meanwhile is passed over.
async fn shared(
    stage: &Stage,
    ann: &mut Box<dyn Feed>,
    bea: &mut Box<dyn Feed>,
    of: u32,
) -> (BTreeSet<u32>, BTreeSet<u32>) {
    let (mut hers, mut others) = (BTreeSet::new(), BTreeSet::new());
    let is_even = |has: &BTreeSet<u32>| has.len() as u32 == of / 2;
    while !is_even(&hers) {
        told(stage, ann, &mut hers).await;
    }
    while !is_even(&others) {
        told(stage, bea, &mut others).await;
    }
    (hers, others)
}

pub(super) async fn partitions_go_to_those_who_are_there(stage: Arc<Stage>) {
    let (topic, of) = stage.parted("log", 4).await;
    let own = member(&stage, &topic);
    let mut ann = stage.subscribe(own.clone()).await;
    let mut bea = stage.subscribe(own).await;
    let (hers, others) = shared(&stage, &mut ann, &mut bea, of).await;
    assert_eq!(hers.union(&others).copied().collect::<Vec<_>>(), Vec::from_iter(0..of));
    assert!(hers.is_disjoint(&others), "{hers:?} {others:?}");
    drop(ann);
    let mut all = others;
    while all.len() as u32 != of {
        told(&stage, &mut bea, &mut all).await;
    }
    publish_to_all(&stage, &topic, of).await;
    let mut seen = stage.take(&mut bea, of as usize).await;
    seen.sort();
    assert_eq!(seen, Vec::from_iter((0..of).map(|number| number.to_string())));
}

/// To each partition its number.
async fn publish_to_all(stage: &Stage, topic: &Topic, of: u32) {
    for number in 0..of {
        stage.publish_to((topic.clone(), number).into(), &[&number.to_string()]).await;
    }
}

pub(super) async fn who_has_lost_a_partition_has_no_say(stage: Arc<Stage>) {
    let (topic, of) = stage.parted("log", 4).await;
    let own = member(&stage, &topic);
    let mut ann = stage.subscribe(own.clone()).await;
    publish_to_all(&stage, &topic, of).await;
    let mut had = Vec::new();
    while had.len() < of as usize {
        had.push(stage.next(&mut ann).await);
    }
    let mut bea = stage.subscribe(own).await;
    let (mut lost, mut seen) = (BTreeSet::new(), BTreeSet::new());
    while lost.len() < of as usize / 2 {
        let delivery = stage.next(&mut bea).await;
        assert_eq!(stage.settle(&delivery, Settle::AckThrough).await, Settled::Done);
        lost.insert(delivery.id.source.partition.number);
        seen.insert(body(&delivery));
    }
    for delivery in had.iter().filter(|it| lost.contains(&it.id.source.partition.number)) {
        let settled = stage.settle(delivery, Settle::AckThrough).await;
        assert!(!settled.is_done(), "{settled:?}");
    }
    assert_eq!(seen, lost.iter().map(u32::to_string).collect());
}

pub(super) async fn a_group_reads_from_where_it_is_told(stage: Arc<Stage>) {
    let (topic, _) = stage.parted("log", 1).await;
    let own = Subscription { prefetch: 2, ..stage.subscription(&topic, "shop") };
    let group = own.group.clone();
    let mut feed = stage.subscribe(own).await;
    stage.publish(&topic, &["one", "two", "three"]).await;
    stage.next(&mut feed).await;
    let second = stage.next(&mut feed).await;
    assert_eq!(stage.settle(&second, Settle::AckThrough).await, Settled::Done);
    assert_eq!(stage.take(&mut feed, 1).await, ["three"]);
    let place = Start::At(second.id.offset);
    stage.seek(group, topic.into(), place).await;
    assert_eq!(stage.take(&mut feed, 2).await, ["two", "three"]);
    stage.nothing(&mut feed).await;
}
