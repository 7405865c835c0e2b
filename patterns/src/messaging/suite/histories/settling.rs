use std::sync::Arc;
use std::time::Duration;

use crate::messaging::capabilities::Capability;
use crate::messaging::headers::header;
use crate::messaging::ids::Topic;
use crate::messaging::message::Message;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::subscription::Subscription;
use crate::messaging::suite::stage::{Stage, body};

/// As long as a message stays with who does not settle it. Some servers know whole seconds only.
const WAIT: Duration = Duration::from_secs(2);
/// As long as a message is worth something.
const LIFE: Duration = Duration::from_secs(1);

pub(super) async fn what_is_refused_comes_again(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    stage.publish(&topic, &["one"]).await;
    for attempt in 1..=3 {
        let delivery = stage.next(&mut feed).await;
        assert_eq!((body(&delivery), delivery.attempt), ("one".to_owned(), attempt));
        assert_eq!(stage.settle(&delivery, Settle::Requeue).await, Settled::Done);
    }
    assert_eq!(stage.take(&mut feed, 1).await, ["one"]);
    stage.nothing(&mut feed).await;
}

/// Whoever has one at a time has the same one again, and nothing comes between.
pub(super) async fn what_is_refused_is_before_what_came_after_it(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    // Without a limit, some put it behind, lest one message keeps all that they have written.
    let attempts = stage.has(Capability::Attempts).then_some(20);
    let one = Subscription { prefetch: 1, attempts, ..stage.subscription(&topic, "shop") };
    let mut feed = stage.subscribe(one).await;
    stage.publish(&topic, &["one", "two", "three"]).await;
    let first = stage.next(&mut feed).await;
    assert_eq!(stage.settle(&first, Settle::Requeue).await, Settled::Done);
    assert_eq!(stage.take(&mut feed, 3).await, ["one", "two", "three"]);
}

pub(super) async fn what_is_refused_rests(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let mut feed = stage.subscribe(stage.subscription(&topic, "shop")).await;
    stage.publish(&topic, &["one", "two"]).await;
    let first = stage.next(&mut feed).await;
    let rest = Settle::RequeueAfter(Duration::from_secs(1));
    assert_eq!(stage.settle(&first, rest).await, Settled::Done);
    assert_eq!(stage.take(&mut feed, 1).await, ["two"]);
    stage.nothing(&mut feed).await;
    assert_eq!(stage.next(&mut feed).await.attempt, 2);
}

pub(super) async fn what_is_not_settled_in_time_comes_again(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let short = Subscription { ack_wait: WAIT, ..stage.subscription(&topic, "shop") };
    let mut feed = stage.subscribe(short).await;
    stage.publish(&topic, &["one"]).await;
    stage.next(&mut feed).await;
    stage.nothing(&mut feed).await;
    let again = stage.next(&mut feed).await;
    assert_eq!((body(&again), again.attempt), ("one".to_owned(), 2));
    assert_eq!(stage.settle(&again, Settle::Ack).await, Settled::Done);
    stage.sleep(WAIT).await;
    stage.nothing(&mut feed).await;
}

pub(super) async fn who_says_that_it_works_keeps_its_message(stage: Arc<Stage>) {
    let topic = stage.topic("work").await;
    let short = Subscription { ack_wait: WAIT, ..stage.subscription(&topic, "shop") };
    let mut feed = stage.subscribe(short).await;
    stage.publish(&topic, &["one"]).await;
    let delivery = stage.next(&mut feed).await;
    for _ in 0..4 {
        stage.sleep(WAIT / 3).await;
        assert_eq!(stage.settle(&delivery, Settle::Working).await, Settled::Done);
        stage.nothing(&mut feed).await;
    }
    assert_eq!(stage.settle(&delivery, Settle::Ack).await, Settled::Done);
    stage.nothing(&mut feed).await;
}

/// A topic for the dead ones, and a subscription whose messages are dead after three attempts.
async fn mortal(stage: &Stage) -> (Topic, Topic, Subscription) {
    let (topic, dead) = (stage.topic("work").await, stage.topic("dead").await);
    let own = stage.subscription(&topic, "shop");
    let attempts = stage.has(Capability::Attempts).then_some(3);
    (topic, dead.clone(), Subscription { attempts, dead_letter: Some(dead), ..own })
}

pub(super) async fn what_is_given_up_is_a_dead_letter(stage: Arc<Stage>) {
    let (topic, dead, own) = mortal(&stage).await;
    let mut morgue = stage.subscribe(stage.subscription(&dead, "ops")).await;
    let mut feed = stage.subscribe(own).await;
    stage.publish(&topic, &["bad", "good"]).await;
    let bad = stage.next(&mut feed).await;
    assert_eq!(stage.settle(&bad, Settle::Dead("bad".into())).await, Settled::Done);
    let letter = stage.next(&mut morgue).await;
    assert_eq!(body(&letter), "bad");
    assert_eq!(letter.message.headers.text(header::DEAD_TOPIC), Some(topic.as_str()));
    assert_eq!(stage.take(&mut feed, 1).await, ["good"]);
    stage.nothing(&mut feed).await;
}

pub(super) async fn poison_is_a_dead_letter(stage: Arc<Stage>) {
    let (topic, dead, own) = mortal(&stage).await;
    let mut morgue = stage.subscribe(stage.subscription(&dead, "ops")).await;
    let mut feed = stage.subscribe(own).await;
    stage.publish(&topic, &["poison"]).await;
    for attempt in 1..=3 {
        let delivery = stage.next(&mut feed).await;
        assert_eq!(delivery.attempt, attempt);
        assert_eq!(stage.settle(&delivery, Settle::Requeue).await, Settled::Done);
    }
    assert_eq!(body(&stage.next(&mut morgue).await), "poison");
    stage.nothing(&mut feed).await;
}

/// It is not in flight when its time is over, as there is no room for it, or it is then refused.
pub(super) async fn what_nobody_takes_in_time_is_a_dead_letter(stage: Arc<Stage>) {
    let (topic, dead, own) = mortal(&stage).await;
    let mut morgue = stage.subscribe(stage.subscription(&dead, "ops")).await;
    let mut feed = stage.subscribe(Subscription { prefetch: 1, ..own }).await;
    let brief = |body| Message::new(body).expires(stage.after(LIFE));
    let all = vec![Message::new("one"), brief("two"), Message::new("three"), brief("four")];
    stage.send(topic.clone(), all).await;
    let first = stage.next(&mut feed).await;
    stage.sleep(LIFE).await;
    stage.nothing(&mut feed).await;
    assert_eq!(stage.settle(&first, Settle::Ack).await, Settled::Done);
    assert_eq!(stage.take(&mut feed, 1).await, ["three"]);
    stage.nothing(&mut feed).await;
    let letters = [stage.next(&mut morgue).await, stage.next(&mut morgue).await];
    assert_eq!(letters.each_ref().map(body), ["two", "four"]);
    assert_eq!(letters[0].message.headers.text(header::DEAD_REASON), Some("expired"));
    stage.send(topic, vec![brief("five")]).await;
    let held = stage.next(&mut feed).await;
    stage.sleep(LIFE).await;
    stage.nothing(&mut feed).await;
    assert_eq!(stage.settle(&held, Settle::Requeue).await, Settled::Done);
    stage.nothing(&mut feed).await;
    assert_eq!(body(&stage.next(&mut morgue).await), "five");
}

/// Whoever is delivered it is gone before it says what to do with it.
pub(super) async fn what_kills_its_consumers_is_a_dead_letter(stage: Arc<Stage>) {
    let (topic, dead, own) = mortal(&stage).await;
    let mut morgue = stage.subscribe(stage.subscription(&dead, "ops")).await;
    let mut feed = stage.subscribe(own.clone()).await;
    stage.publish(&topic, &["poison"]).await;
    for attempt in 1..=3 {
        assert_eq!(stage.next(&mut feed).await.attempt, attempt);
        drop(feed);
        feed = stage.subscribe(own.clone()).await;
    }
    assert_eq!(body(&stage.next(&mut morgue).await), "poison");
    stage.nothing(&mut feed).await;
}
