//! The broker on a mock cluster, and where there is none.
//!
//! What needs the cluster is ignored where nobody has started one, as `.ci/live` does.

use std::sync::Arc;
use std::time::Duration;

use cascadia_brokers::live::{Drawn, play, play_drawn, port, run};
use cascadia_kafka::{KafkaConfig, KafkaLogs};
use cascadia_patterns::messaging::suite::{HISTORIES, Trouble, Usual};
use cascadia_patterns::messaging::{Batch, Broker, BrokerError, Message};

fn open(port: u16) -> Arc<dyn Broker> {
    let config = KafkaConfig {
        // The mock has no `CreateTopics`, and waits almost as long as a member may be silent when one comes or goes.
        auto_create: true,
        session: Duration::from_secs(4),
        heartbeat: Duration::from_millis(200),
        ..KafkaConfig::default()
    };
    Arc::new(KafkaLogs::new(&format!("127.0.0.1:{port}"), config))
}

/// One after another, as a member whose mock is busy is taken for gone.
#[test]
#[ignore = "needs a server: .ci/live"]
fn logs_play_the_histories_that_have_no_single_messages() {
    let skipped = play(HISTORIES, 1, || open(port("KAFKA")), &Usual::kafka(), None);
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

#[test]
fn an_absent_server_is_unavailable() {
    run(async {
        let config = KafkaConfig { patience: Duration::from_millis(200), ..KafkaConfig::default() };
        let broker = KafkaLogs::new("127.0.0.1:1", config);
        let refused = broker.publish(Batch::new(("work", 0), [Message::new("one")])).await;
        assert!(matches!(refused, Err(BrokerError::Unavailable(_))), "{refused:?}");
    });
}
