//! The brokers on a real server that is killed, and where there is none.
//!
//! What needs the server is ignored where nobody has started one, as `.ci/live` does.

use std::sync::Arc;
use std::time::Duration;

use cascadia_brokers::live::{
    Drawn, Proxy, attempt_behind_who_leaves, control, is_buried_by_the_next, play, play_drawn,
    play_examples, port, run,
};
use cascadia_patterns::messaging::suite::{FORGETFUL, HISTORIES, Trouble, Usual};
use cascadia_patterns::messaging::{
    AckMode, Acks, Batch, Broker, BrokerError, Message, Sharing, Subscription, Topic, TopicSettings,
};
use cascadia_redis::{RedisChannels, RedisConfig, RedisStreams};
use redis::AsyncCommands;

fn url() -> String {
    format!("redis://127.0.0.1:{}", port("REDIS"))
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn streams_play_all_histories_but_of_what_they_deny() {
    let open = || Arc::new(RedisStreams::new(&url(), RedisConfig::default()).unwrap()) as _;
    let skipped = play(HISTORIES, 8, open, &Usual::redis(), Some(("REDIS", Duration::ZERO)));
    let denied = [
        "a_message_is_known_again_by_its_id",
        "what_is_refused_rests",
        "what_nobody_takes_in_time_is_a_dead_letter",
        "one_of_a_group_has_everything",
        "what_is_before_an_offset_is_done",
        "partitions_go_to_those_who_are_there",
        "who_has_lost_a_partition_has_no_say",
        "a_group_reads_from_where_it_is_told",
    ];
    assert_eq!(skipped, denied);
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn channels_play_what_is_at_most_once() {
    let open = || Arc::new(RedisChannels::new(&url(), RedisConfig::default()).unwrap()) as _;
    let skipped = play(HISTORIES, 8, open, &Usual::redis_pubsub(), None);
    let played = [
        "messages_are_delivered_in_their_order",
        "a_message_arrives_as_it_was_sent",
        "what_says_the_same_is_another_message",
        "each_subscriber_gets_everything",
    ];
    assert!(played.iter().all(|history| !skipped.contains(history)), "{skipped:?}");
}

/// More than the 32 MB that a server holds for one, and what lies on the way besides.
#[test]
#[ignore = "needs a server: .ci/live"]
fn who_is_slow_is_disconnected_and_has_missed_the_rest() {
    const NEWS: usize = 96;
    let (had, end) = run(async {
        let proxy = Proxy::before(port("REDIS")).await;
        let client = |url: &str| RedisChannels::new(url, RedisConfig::default()).unwrap();
        let (broker, other) =
            (client(&url()), client(&format!("redis://127.0.0.1:{}", proxy.port)));
        let topic = format!("slow-{}", std::process::id());
        let own = Subscription { ack: AckMode::OnDelivery, ..Subscription::new(&*topic, "slow") };
        let own = Subscription { sharing: Sharing::Broadcast, attempts: None, ..own };
        let mut slow = other.subscribe(own).await.unwrap();
        proxy.hold(true);
        for _ in 0..NEWS {
            let news = Batch::new((&*topic, 0), [Message::new(vec![b'x'; 1 << 20])]);
            broker.publish(Batch { acks: Acks::None, ..news }).await.unwrap();
        }
        proxy.hold(false);
        let mut had = 0;
        loop {
            match slow.next().await {
                Some(Ok(_)) => had += 1,
                end => return (had, end),
            }
        }
    });
    assert!(had < NEWS, "{had}");
    assert!(matches!(end, Some(Err(BrokerError::Unavailable(_)))), "{end:?}");
}

/// A server without an append-only file, until it is dropped.
struct Volatile;

impl Volatile {
    fn begin() -> Self {
        for what in ["stop", "volatile", "start"] {
            control("REDIS", what);
        }
        Self
    }
}

impl Drop for Volatile {
    fn drop(&mut self) {
        for what in ["stop", "durable", "start"] {
            control("REDIS", what);
        }
    }
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn without_a_file_all_is_gone() {
    let _volatile = Volatile::begin();
    let open = || Arc::new(RedisStreams::new(&url(), RedisConfig::default()).unwrap()) as _;
    assert!(play(FORGETFUL, 1, open, &Usual::redis(), Some(("REDIS", Duration::ZERO))).is_empty());
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn what_is_drawn_goes_as_on_the_model() {
    play_drawn(&Drawn {
        server: "REDIS",
        usual: Usual::redis(),
        troubles: &[Trouble::Cut, Trouble::Pause, Trouble::Kill],
        leaving: Duration::from_millis(250),
        rest: Duration::ZERO,
        open: |port| {
            let url = format!("redis://127.0.0.1:{port}");
            Arc::new(RedisStreams::new(&url, RedisConfig::default()).unwrap())
        },
    });
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn what_dies_while_nobody_is_there_is_buried_by_the_next() {
    assert!(is_buried_by_the_next(
        &(Arc::new(RedisStreams::new(&url(), RedisConfig::default()).unwrap()) as _),
        &Usual::redis()
    ));
}

/// What comes until a request is over is on its way to whoever made it.
#[test]
#[ignore = "needs a server: .ci/live"]
fn who_leaves_is_sent_what_comes_until_its_request_is_over() {
    let patient = RedisConfig { poll: Duration::from_secs(2), ..RedisConfig::default() };
    let broker = RedisStreams::new(&url(), patient).unwrap();
    assert_eq!(
        attempt_behind_who_leaves(&(Arc::new(broker) as _), &Usual::redis(), Duration::ZERO),
        2
    );
}

/// A stream forgets by nodes of a hundred entries.
#[test]
#[ignore = "needs a server: .ci/live"]
fn what_is_older_than_its_topic_keeps_it_is_gone_when_more_is_published() {
    let (topic, before, retained) = (Topic::from("forgetful"), 1_000, Duration::from_millis(200));
    let left: usize = run(async {
        let broker = RedisStreams::new(&url(), RedisConfig::default()).unwrap();
        let settings = TopicSettings { retain_for: Some(retained), ..TopicSettings::default() };
        broker.declare(topic.clone(), settings).await.unwrap();
        let batch = |count| Batch::new(topic.clone(), (0..count).map(|_| Message::new("one")));
        broker.publish(batch(before)).await.unwrap();
        tokio::time::sleep(2 * retained).await;
        broker.publish(batch(1)).await.unwrap();
        let client = redis::Client::open(url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let prefix = RedisConfig::default().prefix;
        connection.xlen(format!("{prefix}{topic}")).await.unwrap()
    });
    assert!((1..=100).contains(&left), "{left} are left");
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn the_examples_run_here_but_for_what_is_denied() {
    let refused = play_examples(Duration::from_millis(1_500), |prefix| {
        let config = RedisConfig { prefix: prefix.to_owned(), ..RedisConfig::default() };
        Arc::new(RedisStreams::new(&url(), config).unwrap())
    });
    assert_eq!(refused, []);
}

#[test]
fn an_absent_server_is_unavailable() {
    run(async {
        let broker = RedisStreams::new("redis://127.0.0.1:1", RedisConfig::default()).unwrap();
        let refused = broker.publish(Batch::new(("work", 0), [Message::new("one")])).await;
        assert!(matches!(refused, Err(BrokerError::Unavailable(_))), "{refused:?}");
    });
}
