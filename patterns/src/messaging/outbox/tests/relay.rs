use std::sync::Arc;
use std::time::Duration;

use super::super::{ReadFrom, Relaying, Round};
use super::Rig;
use crate::messaging::embedded::Embedded;
use crate::messaging::tests::{Flaky, Rates, number, numbered, run, stream};
use crate::messaging::{Broker, BrokerError, Capabilities, Capability, Message, TopicSettings};
use crate::store::{MemoryStore, Transaction};
use crate::testing::ms;

const SECOND: Duration = Duration::from_secs(1);

fn numbers(rig: &Rig) -> Vec<u64> {
    rig.desk.log("t", 0).iter().map(|message| number(message)).collect()
}

#[test]
fn what_is_committed_is_published_and_what_is_not_is_not() {
    run(async {
        let rig = Rig::new(1).await;
        rig.commit(numbered(1)).await.unwrap();
        let mut dropped = Transaction::begin(&rig.store);
        rig.outbox.add(&mut dropped, "t", numbered(2)).await.unwrap();
        drop(dropped);
        let mut relay = rig.relay(1);
        assert_eq!(relay.round().await, Ok(Round::Relayed(1)));
        assert_eq!(relay.round().await, Ok(Round::Idle));
        assert_eq!((numbers(&rig), relay.counts().relayed), (vec![1], 1));
        assert!(rig.desk.log("t", 0)[0].id.is_some());
    });
}

/// † The number that was drawn first is committed last: who remembers how far it came never sees it.
#[test]
fn a_transaction_that_commits_late_is_not_skipped() {
    run(async {
        let rig = Rig::new(1).await;
        rig.commit(numbered(0)).await.unwrap();
        let (mut early, mut late) =
            (Transaction::begin(&rig.store), Transaction::begin(&rig.store));
        rig.outbox.add(&mut early, "t", numbered(1)).await.unwrap();
        rig.outbox.add(&mut late, "t", numbered(2)).await.unwrap();
        late.commit().await.unwrap();
        let mut relay = rig.relay(1);
        relay.round().await.unwrap();
        early.commit().await.unwrap();
        relay.round().await.unwrap();
        assert_eq!(numbers(&rig), [0, 2, 1]);
    });
}

/// † Who reads on behind the last one that it has published never sees it, and can be told.
#[test]
fn a_relay_that_goes_by_the_highest_number_loses_what_commits_late() {
    run(async {
        let rig = Rig::new(1).await;
        let (mut early, mut late) =
            (Transaction::begin(&rig.store), Transaction::begin(&rig.store));
        let first = rig.outbox.add(&mut early, "t", numbered(1).id("first")).await.unwrap();
        rig.outbox.add(&mut late, "t", numbered(2)).await.unwrap();
        assert!(rig.outbox.passed(&rig.store, [&first]).await.unwrap().is_empty());
        late.commit().await.unwrap();
        let mut relay = rig.relay(1);
        relay.config.reads = ReadFrom::Last;
        assert_eq!(relay.round().await, Ok(Round::Relayed(1)));
        early.commit().await.unwrap();
        rig.commit(numbered(3)).await.unwrap();
        relay.round().await.unwrap();
        assert_eq!(numbers(&rig), [2, 3]);
        assert_eq!(rig.outbox.passed(&rig.store, [&first]).await.unwrap(), [first.id]);
        relay.config.reads = ReadFrom::Start;
        relay.round().await.unwrap();
        assert_eq!(numbers(&rig), [2, 3, 1], "it is still there");
    });
}

/// Whoever has seen what another transaction wrote comes after it.
#[test]
fn causes_are_published_before_their_effects() {
    run(async {
        let rig = Rig::new(1).await;
        let other = super::Outbox::new("o/", &mut stream(1));
        rig.commit(numbered(0)).await.unwrap();
        for step in 1..20 {
            let mut transaction = Transaction::begin(&rig.store);
            let seen = transaction.get("step").await.unwrap();
            assert_eq!(seen, (step > 1).then(|| vec![step as u8 - 1]));
            transaction.put("step", [step as u8]);
            let outbox = if step % 3 == 0 { &other } else { &rig.outbox };
            outbox.add(&mut transaction, "t", numbered(step)).await.unwrap();
            transaction.commit().await.unwrap();
        }
        rig.relay(1).round().await.unwrap();
        assert_eq!(numbers(&rig), (0..20).collect::<Vec<_>>());
    });
}

/// It dies after it has published and before it has deleted; the broker knows the id again.
#[test]
fn a_relay_that_dies_before_it_deletes_publishes_again_under_the_same_id() {
    run(async {
        let rig = Rig::new(1).await;
        let store = Arc::new(MemoryStore::new());
        let broker = Arc::new(Embedded::open(rig.world, store, "bus").await.unwrap());
        broker.declare("t".into(), TopicSettings::log(1)).await.unwrap();
        rig.commit(numbered(1)).await.unwrap();
        let rates = Rates { unanswered: 1.0, ..Rates::default() };
        let own = Arc::clone(&broker) as Arc<dyn Broker>;
        let flaky = Flaky::new(rig.world, own, stream(2), rates);
        let mut first = rig.relay_by(1, flaky);
        assert_eq!(first.round().await, Ok(Round::Idle));
        assert_eq!(first.counts().failed, 1);
        drop(first);
        tokio::time::sleep(SECOND * 40).await;
        let mut second = rig.relay_by(2, broker);
        assert_eq!(second.round().await, Ok(Round::Relayed(1)));
        assert_eq!((second.counts().relayed, second.counts().duplicates), (1, 1));
    });
}

/// † The first one was taken for dead; what it deletes then was published by the second.
#[test]
fn a_relay_that_was_replaced_deletes_nothing() {
    run(async {
        let rig = Rig::new(1).await;
        rig.commit(numbered(1)).await.unwrap();
        let rates = Rates { delay: SECOND * 80, ..Rates::default() };
        let own = Arc::clone(&rig.desk) as Arc<dyn Broker>;
        let slow = Flaky::new(rig.world, own, stream(5), rates);
        let mut first = rig.relay_by(1, slow);
        first.config.timeout = SECOND * 600;
        let late = tokio::spawn(async move {
            let round = first.round().await;
            (round, first.counts().fenced)
        });
        tokio::time::sleep(ms(1)).await;
        let mut second = rig.relay(2);
        assert!(matches!(second.round().await, Ok(Round::Elsewhere(_))));
        tokio::time::sleep(SECOND * 31).await;
        assert_eq!(second.round().await, Ok(Round::Relayed(1)));
        assert_eq!(late.await.unwrap(), (Ok(Round::Idle), 1));
        assert_eq!(numbers(&rig).len(), 2, "twice, under one id");
    });
}

#[test]
fn what_cannot_be_published_is_put_apart_and_holds_up_nothing() {
    run(async {
        let rig = Rig::new(1).await;
        rig.commit(numbered(1)).await.unwrap();
        rig.commit(Message::new(vec![0; 2_000])).await.unwrap();
        rig.commit(numbered(3)).await.unwrap();
        let mut transaction = Transaction::begin(&rig.store);
        rig.outbox.add(&mut transaction, "none", numbered(4)).await.unwrap();
        transaction.commit().await.unwrap();
        let mut relay = rig.relay(1);
        assert_eq!(relay.round().await, Ok(Round::Relayed(4)));
        assert_eq!((numbers(&rig), relay.counts().dead), (vec![1, 3], 2));
        let dead = relay.dead(10).await.unwrap();
        let topics: Vec<_> = dead.iter().map(|(topic, _)| topic.as_str()).collect();
        assert_eq!(topics, ["t", "none"]);
    });
}

/// The broker is away: nothing is lost, and nothing overtaken.
#[test]
fn a_relay_waits_for_its_broker_and_is_woken_by_new_rows() {
    run(async {
        let rig = Rig::new(1).await;
        let rates = Rates { refused: 1.0, ..Rates::default() };
        let own = Arc::clone(&rig.desk) as Arc<dyn Broker>;
        let flaky = Flaky::new(rig.world, own, stream(2), rates);
        let relaying = Relaying::start(rig.relay_by(1, Arc::clone(&flaky) as Arc<dyn Broker>));
        for message in 0..150 {
            rig.commit(numbered(message)).await.unwrap();
        }
        tokio::time::sleep(SECOND * 20).await;
        assert_eq!(numbers(&rig), [0; 0]);
        flaky.becomes(Rates::default());
        tokio::time::sleep(SECOND * 6).await;
        assert_eq!(numbers(&rig), (0..150).collect::<Vec<_>>());
        rig.commit(numbered(150)).await.unwrap();
        tokio::time::sleep(ms(10)).await;
        assert_eq!((numbers(&rig).len(), relaying.counts().relayed), (151, 151), "at once");
    });
}

#[test]
fn a_broker_that_does_not_confirm_is_refused_when_it_is_built() {
    run(async {
        let rig = Rig::new(1).await;
        rig.desk.becomes(Capabilities::all().without(Capability::ConfirmAll));
        let (config, store) = (super::OutboxConfig::new("o/"), Arc::clone(&rig.store));
        let broker = Arc::clone(&rig.desk) as Arc<dyn Broker>;
        let built = super::Relay::new(config, rig.world, &mut stream(1), store, broker);
        let error = built.map(drop).unwrap_err();
        assert_eq!(error, BrokerError::Unsupported(Capability::ConfirmAll));
    });
}
