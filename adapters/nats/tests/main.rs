//! The broker on a real server that is killed, and where there is none.
//!
//! What needs the server is ignored where nobody has started one, as `.ci/live` does.

use std::sync::Arc;
use std::time::Duration;

use cascadia_brokers::live::{
    Drawn, Proxy, attempt_behind_who_leaves, control, delivered, is_buried_by_the_next, play,
    play_drawn, play_examples, port, run,
};
use cascadia_nats::{NatsConfig, NatsStreams};
use cascadia_patterns::messaging::suite::{FORGETFUL, HISTORIES, Trouble, Usual};
use cascadia_patterns::messaging::{
    Batch, Broker, BrokerError, Message, Settle, Settled, Start, Subscription,
};

/// NATS writes what a consumer has done after it has answered, ten times a second at most.
const REST: Duration = Duration::from_millis(500);
/// How long it may take until the server knows that somebody leaves.
const LEAVING: Duration = Duration::from_millis(100);

#[test]
#[ignore = "needs a server: .ci/live"]
fn streams_play_all_histories_but_of_what_they_deny() {
    let address = format!("127.0.0.1:{}", port("NATS"));
    let open = || Arc::new(NatsStreams::new(&address, NatsConfig::default()).unwrap()) as _;
    let skipped = [
        "what_nobody_takes_in_time_is_a_dead_letter",
        "one_of_a_group_has_everything",
        "what_is_before_an_offset_is_done",
        "partitions_go_to_those_who_are_there",
        "who_has_lost_a_partition_has_no_say",
        "a_group_reads_from_where_it_is_told",
    ];
    assert_eq!(play(HISTORIES, 8, open, &Usual::jetstream(), Some(("NATS", REST))), skipped);
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn in_memory_all_is_gone() {
    let address = format!("127.0.0.1:{}", port("NATS"));
    let volatile = || NatsConfig { durable: false, ..NatsConfig::default() };
    let open = || Arc::new(NatsStreams::new(&address, volatile()).unwrap()) as _;
    assert!(play(FORGETFUL, 1, open, &Usual::jetstream(), Some(("NATS", REST))).is_empty());
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn what_is_drawn_goes_as_on_the_model() {
    play_drawn(&Drawn {
        server: "NATS",
        usual: Usual::jetstream(),
        troubles: &[Trouble::Cut, Trouble::Pause, Trouble::Kill],
        leaving: LEAVING,
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

/// Who is gone without a word has asked for more, and nobody else does when what was refused has rested: the server counts back, and
/// has the last message come as if it were new, though it is done. What was refused comes when its time is over.
#[test]
#[ignore = "needs a server: .ci/live"]
fn what_has_rested_while_but_one_who_is_gone_has_asked_brings_the_last_message_again() {
    let seen = run(async {
        let client = |port: u16| {
            NatsStreams::new(&format!("127.0.0.1:{port}"), NatsConfig::default()).unwrap()
        };
        let proxy = Proxy::before(port("NATS")).await;
        let (broker, other) = (client(port("NATS")), client(proxy.port));
        let topic = format!("gone-{}", std::process::id());
        broker.declare(topic.as_str().into(), Usual::jetstream().topic).await.unwrap();
        let own = Subscription { start: Start::Earliest, ..Subscription::new(&*topic, "shop") };
        let mut feed = broker.subscribe(Subscription { prefetch: 2, ..own.clone() }).await.unwrap();
        broker.publish(Batch::new((&*topic, 0), ["one", "two"].map(Message::new))).await.unwrap();
        let (first, second) = (delivered(&mut feed).await, delivered(&mut feed).await);
        feed.credit(0);
        broker.settle(&[second.id], Settle::Ack).await.unwrap();
        let _gone = other.subscribe(own).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let rest = Duration::from_millis(500);
        broker.settle(&[first.id], Settle::RequeueAfter(rest)).await.unwrap();
        proxy.cut();
        tokio::time::sleep(2 * rest).await;
        feed.credit(2);
        delivered(&mut feed).await
    });
    assert_eq!((seen.message.bytes(), seen.attempt), (b"two".as_slice(), 1));
}

/// What a consumer has done is written after the answer, and at most ten times a second: not at once, if that has just been done. It
/// is tried until the kill comes first.
#[test]
#[ignore = "needs a server: .ci/live"]
fn what_is_acknowledged_just_before_a_kill_may_come_again() {
    let is_met = run(async {
        let address = format!("127.0.0.1:{}", port("NATS"));
        for at in 0..20 {
            let broker = NatsStreams::new(&address, NatsConfig::default()).unwrap();
            let topic = format!("killed-{at}-{}", std::process::id());
            broker.declare(topic.as_str().into(), Usual::jetstream().topic).await.unwrap();
            let own = Subscription { start: Start::Earliest, ..Subscription::new(&*topic, "shop") };
            let mut feed = broker.subscribe(own.clone()).await.unwrap();
            let both = ["one", "two"].map(Message::new);
            broker.publish(Batch::new((&*topic, 0), both)).await.unwrap();
            let (one, two) = (delivered(&mut feed).await, delivered(&mut feed).await);
            // It is known that they were delivered.
            tokio::time::sleep(REST).await;
            for id in [one.id, two.id] {
                assert_eq!(broker.settle(&[id], Settle::Ack).await, Ok(vec![Settled::Done]));
            }
            control("NATS", "kill");
            control("NATS", "start");
            let broker = NatsStreams::new(&address, NatsConfig::default()).unwrap();
            let mut feed = broker.subscribe(Subscription { ack_wait: REST, ..own }).await.unwrap();
            let again = tokio::time::timeout(4 * REST, delivered(&mut feed)).await;
            if again.is_ok() {
                return true;
            }
        }
        false
    });
    assert!(is_met);
}

/// The server says that nobody has heard it, where its group is gone. That is no answer of the group.
#[test]
#[ignore = "needs a server: .ci/live"]
fn what_nobody_hears_is_not_done() {
    let settled = run(async {
        let address = format!("127.0.0.1:{}", port("NATS"));
        let broker = NatsStreams::new(&address, NatsConfig::default()).unwrap();
        let topic = format!("unheard-{}", std::process::id());
        broker.declare(topic.as_str().into(), Usual::jetstream().topic).await.unwrap();
        let own = Subscription { start: Start::Earliest, ..Subscription::new(&*topic, "shop") };
        // Who has asked for more is told that the group is gone.
        let mut feed = broker.subscribe(Subscription { prefetch: 1, ..own }).await.unwrap();
        broker.publish(Batch::new((&*topic, 0), [Message::new("one")])).await.unwrap();
        let one = delivered(&mut feed).await;
        broker.forget("shop".into(), topic.as_str().into()).await.unwrap();
        broker.settle(&[one.id], Settle::Ack).await
    });
    assert!(matches!(settled, Err(BrokerError::Unavailable(_))), "{settled:?}");
}

/// A server sends what comes to whoever has asked, so who leaves has it forget that, which takes two ways to the server.
#[test]
#[ignore = "needs a server: .ci/live"]
fn who_has_left_is_sent_nothing() {
    let config = NatsConfig::default();
    let broker = NatsStreams::new(&format!("127.0.0.1:{}", port("NATS")), config).unwrap();
    let (broker, usual) = (Arc::new(broker) as _, Usual::jetstream());
    assert_eq!(attempt_behind_who_leaves(&broker, &usual, LEAVING), 1);
}

#[test]
#[ignore = "needs a server: .ci/live"]
fn the_examples_run_here_but_for_what_is_denied() {
    let refused = play_examples(Duration::from_millis(1_500), |prefix| {
        let config = NatsConfig { prefix: prefix.to_owned(), ..NatsConfig::default() };
        Arc::new(NatsStreams::new(&format!("127.0.0.1:{}", port("NATS")), config).unwrap())
    });
    assert_eq!(refused, []);
}

#[test]
fn an_absent_server_is_unavailable() {
    run(async {
        let broker = NatsStreams::new("127.0.0.1:1", NatsConfig::default()).unwrap();
        let refused = broker.publish(Batch::new(("work", 0), [Message::new("one")])).await;
        assert!(matches!(refused, Err(BrokerError::Unavailable(_))), "{refused:?}");
    });
}
