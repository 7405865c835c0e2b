use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::messaging::error::BrokerError;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::suite::stage::{Stage, body};

/// What was confirmed is there, and what was not acknowledged comes again. What was acknowledged does not.
pub(super) async fn what_was_confirmed_outlives_a_crash(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let own = stage.subscription(&topic, "shop");
    let mut feed = stage.subscribe(own.clone()).await;
    for body in ["0", "1", "2", "3", "4"] {
        stage.publish(&topic, &[body]).await;
    }
    let first = stage.next(&mut feed).await;
    let second = stage.next(&mut feed).await;
    assert_eq!(stage.settle(&first, Settle::Ack).await, Settled::Done);
    stage.restart().await;
    let late = stage.broker().settle(std::slice::from_ref(&second.id), Settle::Ack).await;
    let is_done = late.is_ok_and(|settled| settled[0].is_done());
    drop(feed);
    let mut feed = stage.subscribe(own).await;
    let expected = BTreeSet::from_iter((if is_done { 2 } else { 1 }..5).map(|n| n.to_string()));
    let mut seen = BTreeSet::new();
    while seen != expected {
        let delivery = stage.next(&mut feed).await;
        assert!(expected.contains(&body(&delivery)), "{} was done", body(&delivery));
        seen.insert(body(&delivery));
        stage.settle(&delivery, Settle::Ack).await;
    }
}

pub(super) async fn a_producer_finds_its_broker_again(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let own = stage.subscription(&topic, "shop");
    drop(stage.subscribe(own.clone()).await);
    stage.publish(&topic, &["one"]).await;
    stage.restart().await;
    stage.publish(&topic, &["two"]).await;
    let mut feed = stage.subscribe(own).await;
    let mut seen = BTreeSet::new();
    while seen.len() < 2 {
        seen.extend(stage.take(&mut feed, 1).await);
    }
    assert_eq!(seen, ["one", "two"].map(str::to_owned).into());
}

/// It was confirmed, and is gone with its topic.
pub(super) async fn what_is_not_durable_is_gone_with_its_broker(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let own = stage.subscription(&topic, "shop");
    let mut feed = stage.subscribe(own.clone()).await;
    assert_eq!(stage.publish(&topic, &["one", "two"]).await.added, 2);
    assert_eq!(body(&stage.next(&mut feed).await), "one");
    stage.restart().await;
    drop(feed);
    stage
        .within(async {
            // The first one finds that its connection is lost, perhaps.
            while let Err(error) = stage.broker().partitions(topic.clone()).await {
                if matches!(error, BrokerError::NoTopic(_)) {
                    return;
                }
                stage.sleep(Duration::from_millis(50)).await;
            }
            panic!("it is there");
        })
        .await;
    let topic = stage.topic("work").await;
    let mut feed = stage.subscribe(own).await;
    stage.publish(&topic, &["three"]).await;
    assert_eq!(stage.take(&mut feed, 1).await, ["three"]);
    stage.nothing(&mut feed).await;
}
