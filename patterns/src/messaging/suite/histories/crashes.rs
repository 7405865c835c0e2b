use std::collections::BTreeSet;
use std::sync::Arc;

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
