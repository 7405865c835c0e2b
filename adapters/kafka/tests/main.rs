//! The broker on a mock cluster, and where there is none.
//!
//! What needs the cluster is ignored where nobody has started one, as `.ci/live` does.

mod cluster;

use std::sync::Arc;
use std::time::Duration;

use cascadia_brokers::live::{Drawn, delivered, play, play_drawn, play_examples, port, run};
use cascadia_kafka::{KafkaConfig, KafkaLogs};
use cascadia_patterns::messaging::suite::{HISTORIES, Trouble, Usual};
use cascadia_patterns::messaging::{
    Assignor, Batch, Broker, BrokerError, Capability, Message, Settle, Settled, Sharing, Start,
    Subscription, TopicSettings,
};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

use self::cluster::{Cluster, Made};

fn open(port: u16) -> Arc<dyn Broker> {
    client(port, &KafkaConfig::default().prefix)
}

fn client(port: u16, prefix: &str) -> Arc<dyn Broker> {
    let config = KafkaConfig {
        prefix: prefix.to_owned(),
        // The mock has no `CreateTopics`, and waits for a second less than a member may be silent when one comes or goes.
        auto_create: true,
        session: Duration::from_secs(4),
        heartbeat: Duration::from_millis(200),
        ..KafkaConfig::default()
    };
    Arc::new(KafkaLogs::new(&format!("127.0.0.1:{port}"), config))
}

/// Few at a time, as a member whose mock is busy is taken for gone.
#[test]
#[ignore = "needs a server: .ci/live"]
fn logs_play_the_histories_that_have_no_single_messages() {
    let skipped = play(HISTORIES, 4, || open(port("KAFKA")), &Usual::kafka(), None);
    let played = HISTORIES.iter().map(|history| history.name).filter(|it| !skipped.contains(it));
    let expected = [
        "messages_are_delivered_in_their_order",
        "a_message_arrives_as_it_was_sent",
        "what_says_the_same_is_another_message",
        "each_subscriber_gets_everything",
        "what_is_before_an_offset_is_done",
        "partitions_go_to_those_who_are_there",
        "who_has_lost_a_partition_has_no_say",
        "a_group_reads_from_where_it_is_told",
    ];
    assert_eq!(played.collect::<Vec<_>>(), expected);
}

/// It is not killed, as it would have forgotten everything, and not cut off, as it tells its clients where it listens.
#[test]
#[ignore = "needs a server: .ci/live"]
fn what_is_drawn_goes_as_on_the_model() {
    play_drawn(&Drawn {
        server: "KAFKA",
        usual: Usual::kafka(),
        troubles: &[Trouble::Pause],
        leaving: Duration::from_millis(500),
        rest: Duration::ZERO,
        open,
    });
}

/// A cluster of its own within this process, with a log of so many partitions.
fn mock(partitions: i32) -> (MockCluster<'static, DefaultProducerContext>, KafkaLogs) {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("cascadia-log", partitions, 1).unwrap();
    let config = KafkaConfig { auto_create: true, ..KafkaConfig::default() };
    let broker = KafkaLogs::new(&cluster.bootstrap_servers(), config);
    (cluster, broker)
}

#[test]
fn what_is_done_while_its_group_is_rebalanced_is_told_again() {
    let settled = run(async {
        let (cluster, broker) = mock(1);
        broker.publish(Batch::new(("log", 0), ["one", "two"].map(Message::new))).await.unwrap();
        let own = Subscription {
            start: Start::Earliest,
            attempts: None,
            ..Subscription::new("log", "shop")
        };
        let own = Subscription { sharing: Sharing::Partitions(Assignor::Range), ..own };
        let mut feed = broker.subscribe(own).await.unwrap();
        let (first, second) = (delivered(&mut feed).await, delivered(&mut feed).await);
        let busy = [RDKafkaRespErr::RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS; 3];
        cluster.request_errors(RDKafkaApiKey::OffsetCommit, &busy);
        let settled = broker.settle(&[first.id], Settle::Ack).await;
        (settled, broker.settle(&[second.id], Settle::Ack).await)
    });
    assert_eq!(settled, (Ok(vec![Settled::Done]), Ok(vec![Settled::Done])));
}

#[test]
fn topics_are_made_and_removed_as_they_are_asked_for() {
    run(async {
        let cluster = Cluster::start(true);
        let config = KafkaConfig { replicas: 3, ..KafkaConfig::default() };
        let broker = KafkaLogs::new(&cluster.address, config);
        let log = |partitions| TopicSettings {
            retain_for: Some(Duration::from_secs(60)),
            retain_bytes: Some(1_000),
            ..TopicSettings::log(partitions)
        };
        broker.declare("log".into(), log(4)).await.unwrap();
        let settings = [("retention.bytes", "1000"), ("retention.ms", "60000")];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let made = Made { partitions: 4, replicas: 3, settings };
        assert_eq!(cluster.topics(), [("cascadia-log".to_owned(), made.clone())].into());
        assert_eq!(broker.partitions("log".into()).await, Ok(4));
        broker.declare("log".into(), log(2)).await.unwrap();
        let more = broker.declare("log".into(), log(5)).await;
        assert!(matches!(more, Err(BrokerError::Invalid(_))), "{more:?}");
        assert_eq!(cluster.topics(), [("cascadia-log".to_owned(), made)].into());
        broker.remove("log".into()).await.unwrap();
        assert_eq!(cluster.topics(), [].into());
        assert_eq!(broker.partitions("log".into()).await, Err(BrokerError::NoTopic("log".into())));
        assert_eq!(broker.remove("log".into()).await, Ok(()), "as it is gone");
    });
}

/// An old one, and a mock, where topics are made as they are asked for.
#[test]
fn a_cluster_that_makes_no_topics_denies_it() {
    run(async {
        let cluster = Cluster::start(false);
        let old = KafkaLogs::new(&cluster.address, KafkaConfig::default());
        let (_cluster, mock) = mock(1);
        for broker in [old, mock] {
            let denied = Err(BrokerError::Unsupported(Capability::Declare));
            assert_eq!(broker.declare("other".into(), TopicSettings::log(1)).await, denied);
            assert_eq!(broker.remove("log".into()).await, denied);
        }
    });
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn the_examples_run_here_but_for_what_is_denied() {
    let refused =
        play_examples(Duration::from_millis(6_000), |prefix| client(port("KAFKA"), prefix));
    assert_eq!(
        refused,
        [("work_queue", Capability::Competing), ("request_reply", Capability::Competing)]
    );
}

#[test]
fn an_absent_server_is_unavailable() {
    run(async {
        let config = KafkaConfig { patience: Duration::from_millis(200), ..KafkaConfig::default() };
        let broker = KafkaLogs::new("127.0.0.1:1", config);
        let refused = broker.publish(Batch::new(("work", 0), [Message::new("one")])).await;
        assert!(matches!(refused, Err(BrokerError::Unavailable(_))), "{refused:?}");
    });
}
