//! The broker on a real server that is killed, and where there is none.
//!
//! What needs the server is ignored where nobody has started one, as `.ci/live` does.

use std::sync::Arc;
use std::time::Duration;

use cascadia_brokers::live::{Drawn, is_buried_by_the_next, play, play_drawn, port, run};
use cascadia_nats::{NatsConfig, NatsStreams};
use cascadia_patterns::messaging::suite::{Trouble, Usual};
use cascadia_patterns::messaging::{Batch, Broker, BrokerError, Message};

/// NATS writes what a consumer has done after it has answered, ten times a second at most.
const REST: Duration = Duration::from_millis(500);

#[test]
#[ignore = "needs a server: .ci/live"]
fn streams_play_all_histories_but_of_what_they_deny() {
    let address = format!("127.0.0.1:{}", port("NATS"));
    let open = || Arc::new(NatsStreams::new(&address, NatsConfig::default()).unwrap()) as _;
    let skipped = [
        "one_of_a_group_has_everything",
        "what_is_before_an_offset_is_done",
        "partitions_go_to_those_who_are_there",
        "who_has_lost_a_partition_has_no_say",
        "a_group_reads_from_where_it_is_told",
    ];
    assert_eq!(play(open, &Usual::jetstream(), Some(("NATS", REST))), skipped);
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn what_is_drawn_goes_as_on_the_model() {
    play_drawn(&Drawn {
        server: "NATS",
        usual: Usual::jetstream(),
        troubles: &[Trouble::Cut, Trouble::Pause, Trouble::Kill],
        leaving: Duration::from_millis(400),
        rest: REST,
        open: |port| {
            let url = format!("127.0.0.1:{port}");
            Arc::new(NatsStreams::new(&url, NatsConfig::default()).unwrap())
        },
    });
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn what_dies_while_nobody_is_there_is_buried_by_the_next() {
    let address = format!("127.0.0.1:{}", port("NATS"));
    assert!(is_buried_by_the_next(
        &(Arc::new(NatsStreams::new(&address, NatsConfig::default()).unwrap()) as _),
        &Usual::jetstream()
    ));
}

#[test]
fn an_absent_server_is_unavailable() {
    run(async {
        let broker = NatsStreams::new("127.0.0.1:1", NatsConfig::default()).unwrap();
        let refused = broker.publish(Batch::new(("work", 0), [Message::new("one")])).await;
        assert!(matches!(refused, Err(BrokerError::Unavailable(_))), "{refused:?}");
    });
}
