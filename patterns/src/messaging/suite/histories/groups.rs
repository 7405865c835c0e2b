use std::sync::Arc;
use std::time::Duration;

use crate::messaging::settle::{Settle, Settled};
use crate::messaging::sharing::{Abandoned, Sharing};
use crate::messaging::subscription::Subscription;
use crate::messaging::suite::stage::{Stage, body};

pub(super) async fn two_of_a_group_share_its_messages(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let one = Subscription { prefetch: 1, ..stage.subscription(&topic, "shop") };
    let mut ann = stage.subscribe(one.clone()).await;
    let mut bea = stage.subscribe(one).await;
    stage.publish(&topic, &["0", "1"]).await;
    let (first, second) = (stage.next(&mut ann).await, stage.next(&mut bea).await);
    let mut both = [body(&first), body(&second)];
    both.sort();
    assert_eq!(both, ["0", "1"]);
    for delivery in [first, second] {
        assert_eq!(stage.settle(&delivery, Settle::Ack).await, Settled::Done);
    }
    stage.nothing(&mut ann).await;
    stage.nothing(&mut bea).await;
}

pub(super) async fn what_one_who_leaves_had_is_with_the_others(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let own = stage.subscription(&topic, "shop");
    let mut ann = stage.subscribe(own.clone()).await;
    stage.publish(&topic, &["0", "1", "2"]).await;
    let first = stage.next(&mut ann).await;
    stage.next(&mut ann).await;
    assert_eq!(stage.settle(&first, Settle::Ack).await, Settled::Done);
    let mut bea = stage.subscribe(own).await;
    drop(ann);
    let mut left = stage.take(&mut bea, 2).await;
    left.sort();
    assert_eq!(left, ["1", "2"]);
    stage.nothing(&mut bea).await;
}

/// The broker does not ask who is there, so nobody else has it before its time is over.
pub(super) async fn what_one_who_is_gone_had_stays_until_its_time_is_over(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let own = Subscription {
        abandoned: Abandoned::Kept,
        ack_wait: Duration::from_secs(2),
        ..stage.subscription(&topic, "shop")
    };
    let mut ann = stage.subscribe(own.clone()).await;
    stage.publish(&topic, &["0"]).await;
    assert_eq!(stage.next(&mut ann).await.attempt, 1);
    drop(ann);
    let mut bea = stage.subscribe(own).await;
    stage.nothing(&mut bea).await;
    let again = stage.next(&mut bea).await;
    assert_eq!((body(&again), again.attempt), ("0".to_owned(), 2));
}

pub(super) async fn each_subscriber_gets_everything(stage: Arc<Stage>) {
    let topic = stage.topic("news").await;
    let of = |name: &str| Subscription {
        sharing: Sharing::Broadcast,
        ..stage.subscription(&topic, name)
    };
    let mut ann = stage.subscribe(of("ann")).await;
    let mut bea = stage.subscribe(of("bea")).await;
    stage.publish(&topic, &["one", "two"]).await;
    for feed in [&mut ann, &mut bea] {
        assert_eq!(stage.take(feed, 2).await, ["one", "two"]);
        stage.nothing(feed).await;
    }
}

pub(super) async fn each_group_gets_everything(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let mut shop = stage.subscribe(stage.subscription(&topic, "shop")).await;
    let mut tax = stage.subscribe(stage.subscription(&topic, "tax")).await;
    stage.publish(&topic, &["one", "two"]).await;
    for feed in [&mut shop, &mut tax] {
        assert_eq!(stage.take(feed, 2).await, ["one", "two"]);
    }
}

pub(super) async fn one_of_a_group_has_everything(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let own = Subscription { sharing: Sharing::Exclusive, ..stage.subscription(&topic, "shop") };
    let mut ann = stage.subscribe(own.clone()).await;
    let mut bea = stage.subscribe(own).await;
    stage.publish(&topic, &["one", "two"]).await;
    assert_eq!(stage.take(&mut ann, 2).await, ["one", "two"]);
    stage.nothing(&mut bea).await;
    drop(ann);
    stage.publish(&topic, &["three"]).await;
    assert_eq!(stage.take(&mut bea, 1).await, ["three"]);
}
