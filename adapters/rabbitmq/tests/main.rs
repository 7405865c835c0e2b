//! The broker on a real server, and where there is none.
//!
//! What needs the server is ignored where nobody has started one, as `.ci/live` does.

use std::sync::Arc;
use std::time::Duration;

use cascadia_brokers::live::{
    Drawn, Proxy, control, delivered, play, play_drawn, play_examples, port, run,
};
use cascadia_patterns::messaging::suite::{FORGETFUL, HISTORIES, Trouble, Usual};
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Fed, Message, Settle, Start, Subscription, header,
};
use cascadia_rabbitmq::{RabbitConfig, RabbitQueues};
use cascadia_runtime::{Runtime, TokioWorld};

/// RabbitMQ 3.10 has forgotten what a queue's log is called that was made less than half a second before it was killed.
const REST: Duration = Duration::from_secs(2);

#[test]
#[ignore = "needs a server: .ci/live"]
fn queues_play_all_histories_but_of_what_they_deny() {
    let open = || Arc::new(RabbitQueues::new(&url(), RabbitConfig::default())) as _;
    let skipped = [
        "a_message_is_known_again_by_its_id",
        "what_was_published_before_is_read",
        "what_is_refused_rests",
        "what_one_who_is_gone_had_stays_until_its_time_is_over",
        "what_is_before_an_offset_is_done",
        "partitions_go_to_those_who_are_there",
        "who_has_lost_a_partition_has_no_say",
        "a_group_reads_from_where_it_is_told",
    ];
    assert_eq!(play(HISTORIES, 8, open, &Usual::rabbitmq(), Some(("RABBITMQ", REST))), skipped);
}

/// A quorum queue without a limit of deliveries puts what is refused behind all that is there. With one, it is near the
/// head again, as the histories show.
#[test]
#[ignore = "needs a server: .ci/live"]
fn without_a_limit_what_is_refused_is_behind_what_came_after_it() {
    let seen = run(async {
        let broker = RabbitQueues::new(&url(), RabbitConfig::default());
        let topic = format!("refused-{}", std::process::id());
        broker.declare(topic.as_str().into(), Usual::rabbitmq().topic).await.unwrap();
        let own = Subscription::new(topic.as_str(), "shop");
        let own = Subscription { prefetch: 1, attempts: None, ..own };
        let mut feed =
            broker.subscribe(Subscription { start: Start::Latest, ..own }).await.unwrap();
        let messages = ["one", "two", "three"].map(Message::new);
        broker.publish(Batch::new((topic.as_str(), 0), messages)).await.unwrap();
        let (mut seen, mut settle) = (Vec::new(), Settle::Requeue);
        while seen.len() < 4 {
            let Some(Ok(Fed::Delivery(delivery))) = feed.next().await else { continue };
            seen.push(String::from_utf8_lossy(delivery.message.bytes()).into_owned());
            broker.settle(&[delivery.id], settle).await.unwrap();
            settle = Settle::Ack;
        }
        seen
    });
    assert_eq!(seen, ["one", "two", "three", "one"]);
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn in_a_transient_queue_all_is_gone() {
    let volatile = || RabbitConfig { durable: false, ..RabbitConfig::default() };
    let open = || Arc::new(RabbitQueues::new(&url(), volatile())) as _;
    assert!(play(FORGETFUL, 1, open, &Usual::rabbitmq(), Some(("RABBITMQ", REST))).is_empty());
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn what_is_drawn_goes_as_on_the_model() {
    play_drawn(&Drawn {
        server: "RABBITMQ",
        usual: Usual::rabbitmq(),
        troubles: &[Trouble::Cut, Trouble::Pause, Trouble::Kill],
        leaving: Duration::from_millis(200),
        rest: REST,
        open: |port| {
            let url = format!("amqp://guest:guest@127.0.0.1:{port}/%2f");
            Arc::new(RabbitQueues::new(&url, RabbitConfig::default()))
        },
    });
}

fn url() -> String {
    format!("amqp://guest:guest@127.0.0.1:{}/%2f", port("RABBITMQ"))
}

/// The model buries it when it would be delivered.
#[test]
#[ignore = "needs a server: .ci/live"]
fn what_is_worthless_is_buried_while_nobody_is_there() {
    let letter = run(async {
        let broker: Arc<dyn Broker> = Arc::new(RabbitQueues::new(&url(), RabbitConfig::default()));
        let (topic, dead) =
            (format!("worthless-{}", std::process::id()), format!("dead-{}", std::process::id()));
        for topic in [&topic, &dead] {
            broker.declare(topic.as_str().into(), Usual::rabbitmq().topic).await.unwrap();
        }
        let of = |topic: &str| Subscription { attempts: None, ..Subscription::new(topic, "shop") };
        let own = Subscription { dead_letter: Some(dead.as_str().into()), ..of(&topic) };
        drop(broker.subscribe(own).await.unwrap());
        let mut morgue = broker.subscribe(of(&dead)).await.unwrap();
        let soon = TokioWorld::new().wall() + Duration::from_millis(300);
        let batch = Batch::new((topic.as_str(), 0), [Message::new("one").expires(soon)]);
        broker.publish(batch).await.unwrap();
        delivered(&mut morgue).await
    });
    let Message { body, expires, headers, .. } = &*letter.message;
    assert_eq!((body.as_deref(), expires), (Some(b"one".as_slice()), &None));
    assert_eq!(headers.text(header::DEAD_REASON), Some("expired"));
}

/// What has died at its limit leaves room for one more than was asked for, which is then before what is refused.
#[test]
#[ignore = "needs a server: .ci/live"]
fn after_a_death_one_more_is_on_its_way() {
    let seen = run(async {
        let broker = RabbitQueues::new(&url(), RabbitConfig::default());
        let topic = format!("died-{}", std::process::id());
        broker.declare(topic.as_str().into(), Usual::rabbitmq().topic).await.unwrap();
        let own =
            Subscription { prefetch: 1, attempts: Some(2), ..Subscription::new(&*topic, "shop") };
        let mut feed = broker.subscribe(own).await.unwrap();
        let messages = ["one", "two", "three"].map(Message::new);
        broker.publish(Batch::new((topic.as_str(), 0), messages)).await.unwrap();
        let mut seen = Vec::new();
        while seen.len() < 4 {
            let Some(Ok(Fed::Delivery(delivery))) = feed.next().await else { continue };
            seen.push(String::from_utf8_lossy(delivery.message.bytes()).into_owned());
            broker.settle(&[delivery.id], Settle::Requeue).await.unwrap();
        }
        seen
    });
    assert_eq!(seen, ["one", "one", "two", "three"]);
}

/// It comes back without a leader, which no confirmation comes without. It is tried until the kill comes before the server has
/// written down who leads.
#[test]
#[ignore = "needs a server: .ci/live"]
fn a_queue_that_is_killed_as_soon_as_it_is_made_confirms_nothing() {
    let is_met = run(async {
        for at in 0..10 {
            let broker = RabbitQueues::new(&url(), RabbitConfig::default());
            let topic = format!("young-{at}-{}", std::process::id());
            broker.declare(topic.as_str().into(), Usual::rabbitmq().topic).await.unwrap();
            let own = Subscription { attempts: None, ..Subscription::new(&*topic, "shop") };
            drop(broker.subscribe(own).await.unwrap());
            control("RABBITMQ", "kill");
            control("RABBITMQ", "start");
            let batch = || Batch::new((topic.as_str(), 0), [Message::new("one")]);
            // The first one finds that the connection is lost, perhaps.
            drop(broker.publish(batch()).await);
            if let Err(BrokerError::Unknown(_)) = broker.publish(batch()).await {
                return true;
            }
        }
        false
    });
    assert!(is_met);
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn whose_connection_is_dead_is_sent_what_comes_until_that_is_known() {
    let attempt = run(async {
        let proxy = Proxy::before(port("RABBITMQ")).await;
        let client = |port: u16| {
            let url = format!("amqp://guest:guest@127.0.0.1:{port}/%2f");
            RabbitQueues::new(&url, RabbitConfig::default())
        };
        let (broker, other) = (client(port("RABBITMQ")), client(proxy.port));
        let topic = format!("dead-{}", std::process::id());
        broker.declare(topic.as_str().into(), Usual::rabbitmq().topic).await.unwrap();
        let own = Subscription { attempts: None, ..Subscription::new(&*topic, "shop") };
        let _dead = other.subscribe(own.clone()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        proxy.silence();
        broker.publish(Batch::new((&*topic, 0), [Message::new("one")])).await.unwrap();
        proxy.cut();
        let mut feed = broker.subscribe(own).await.unwrap();
        delivered(&mut feed).await.attempt
    });
    assert!(attempt > 1, "{attempt}");
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn the_examples_run_here_but_for_what_is_denied() {
    let refused = play_examples(Duration::from_millis(1_500), |prefix| {
        let config = RabbitConfig { prefix: prefix.to_owned(), ..RabbitConfig::default() };
        Arc::new(RabbitQueues::new(&url(), config))
    });
    assert_eq!(refused, []);
}

#[test]
fn an_absent_server_is_unavailable() {
    run(async {
        let broker =
            RabbitQueues::new("amqp://guest:guest@127.0.0.1:1/%2f", RabbitConfig::default());
        let refused = broker.publish(Batch::new(("work", 0), [Message::new("one")])).await;
        assert!(matches!(refused, Err(BrokerError::Unavailable(_))), "{refused:?}");
    });
}
