use std::sync::Arc;

use crate::messaging::capabilities::Capability;
use crate::messaging::message::Message;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::subscription::Subscription;
use crate::messaging::suite::stage::{Stage, body};

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

pub(super) async fn messages_are_delivered_in_their_order(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    let receipt = stage.publish(&topic, &DIGITS[..4]).await;
    assert_eq!(receipt.added, if stage.has(Capability::Confirm) { 4 } else { 0 });
    for digit in &DIGITS[4..] {
        stage.publish(&topic, &[*digit]).await;
    }
    assert_eq!(stage.take(&mut feed, 10).await, DIGITS);
    stage.nothing(&mut feed).await;
}

pub(super) async fn a_message_arrives_as_it_was_sent(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    let sent = [
        Message::new("paid").id("7").key("order").header("tenant", "ann").header("to", "a: b%\n"),
        Message::new([0, 255, 13, 10]).key([0, 200]).header("bytes", [0, 255]),
        Message::new(""),
        Message::tombstone("order"),
    ];
    stage.send(topic.clone(), sent.to_vec()).await;
    for message in sent {
        let delivery = stage.next(&mut feed).await;
        assert_eq!((&*delivery.message, delivery.attempt), (&message, 1));
    }
}

pub(super) async fn a_message_is_known_again_by_its_id(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    let first = stage.send(topic.clone(), vec![Message::new("one").id("1")]).await;
    let again = stage.send(topic.clone(), vec![Message::new("another").id("1")]).await;
    let other = stage.send(topic.clone(), vec![Message::new("two").id("2")]).await;
    assert_eq!((first.added, first.duplicates), (1, 0));
    assert_eq!((again.added, again.duplicates, again.first), (0, 1, first.first));
    assert_eq!((other.added, other.duplicates), (1, 0));
    assert_eq!(stage.take(&mut feed, 2).await, ["one", "two"]);
    stage.nothing(&mut feed).await;
}

pub(super) async fn what_says_the_same_is_another_message(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    stage.publish(&topic, &["one"]).await;
    stage.publish(&topic, &["one"]).await;
    assert_eq!(stage.take(&mut feed, 2).await, ["one", "one"]);
    stage.nothing(&mut feed).await;
}

pub(super) async fn what_is_done_comes_no_more(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    stage.publish(&topic, &["one", "two"]).await;
    let first = stage.next(&mut feed).await;
    assert_eq!(stage.settle(&first, Settle::Ack).await, Settled::Done);
    assert_eq!(stage.settle(&first, Settle::Ack).await, Settled::Gone);
    drop(feed);
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    assert_eq!(stage.take(&mut feed, 1).await, ["two"]);
    stage.nothing(&mut feed).await;
}

pub(super) async fn a_slow_consumer_has_no_more_than_it_asked_for(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let slow = Subscription { prefetch: 2, ..stage.subscription(&topic, "shop") };
    let mut feed = stage.subscribe(slow).await;
    stage.publish(&topic, &DIGITS).await;
    let first = stage.next(&mut feed).await;
    assert_eq!(body(&stage.next(&mut feed).await), "1");
    stage.nothing(&mut feed).await;
    stage.settle(&first, Settle::Ack).await;
    assert_eq!(body(&stage.next(&mut feed).await), "2");
    stage.nothing(&mut feed).await;
    feed.credit(3);
    assert_eq!(body(&stage.next(&mut feed).await), "3");
    stage.nothing(&mut feed).await;
}

pub(super) async fn a_paused_feed_is_delivered_nothing(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let paused = Subscription { prefetch: 0, ..stage.subscription(&topic, "shop") };
    let mut feed = stage.subscribe(paused).await;
    stage.publish(&topic, &["one"]).await;
    stage.nothing(&mut feed).await;
    feed.credit(1);
    assert_eq!(stage.take(&mut feed, 1).await, ["one"]);
}

pub(super) async fn a_drained_feed_ends(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let one = Subscription { prefetch: 1, ..stage.subscription(&topic, "shop") };
    let mut feed = stage.subscribe(one).await;
    stage.publish(&topic, &["one", "two"]).await;
    let first = stage.next(&mut feed).await;
    feed.drain();
    stage.nothing(&mut feed).await;
    assert_eq!(stage.settle(&first, Settle::Ack).await, Settled::Done);
    assert_eq!(stage.within(feed.next()).await, None);
    let mut other = stage.subscribe(stage.subscription(&topic, "shop")).await;
    assert_eq!(stage.take(&mut other, 1).await, ["two"]);
}

pub(super) async fn what_was_published_before_is_read(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    stage.publish(&topic, &["one", "two"]).await;
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    assert_eq!(stage.take(&mut feed, 2).await, ["one", "two"]);
}
