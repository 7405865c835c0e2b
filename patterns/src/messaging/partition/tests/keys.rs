use std::time::Duration;

use super::host::{Host, subscription};
use crate::messaging::message::Message;
use crate::messaging::settle::Settle;
use crate::messaging::sharing::KeyOrder;
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;

fn parked() -> Subscription {
    Subscription { key_order: KeyOrder::Parked, ..subscription() }
}

fn fill(host: &mut Host, keys: &str) {
    for key in keys.chars() {
        host.publish([Message::new("").key(key.to_string())]);
    }
}

/// A retry with a delay breaks the order of a key, unless the key waits.
#[test]
fn a_key_whose_message_is_retried_waits_and_others_go_on() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&parked());
    fill(&mut host, "aabab");
    let first = host.take(reader).unwrap();
    assert_eq!(first.offset.0, 0);
    host.settle(reader, &first, &Settle::RequeueAfter(Duration::from_secs(1)));
    let b = host.take(reader).unwrap();
    assert_eq!(b.offset.0, 2);
    assert_eq!(host.take(reader), None);
    host.settle(reader, &b, &Settle::Ack);
    assert_eq!(host.take(reader).unwrap().offset.0, 4);
    host.pass(1_000);
    for offset in [0, 1, 3] {
        let handed = host.take(reader).unwrap();
        assert_eq!(handed.offset.0, offset);
        assert_eq!(host.take(reader), None);
        host.settle(reader, &handed, &Settle::Ack);
    }
}

#[test]
fn without_that_a_message_that_is_retried_is_overtaken() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    fill(&mut host, "aa");
    let first = host.take(reader).unwrap();
    host.settle(reader, &first, &Settle::RequeueAfter(Duration::from_secs(1)));
    assert_eq!(host.take(reader).unwrap().offset.0, 1);
}

#[test]
fn the_order_of_a_key_outlives_a_restart() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&parked());
    fill(&mut host, "aab");
    let first = host.take(reader).unwrap();
    host.settle(reader, &first, &Settle::RequeueAfter(Duration::from_secs(1)));
    let b = host.take(reader).unwrap();
    host.settle(reader, &b, &Settle::Requeue);
    host.restart();
    let reader = host.read(&parked());
    assert_eq!(host.take(reader).unwrap().offset.0, 2);
    assert_eq!(host.take(reader), None);
    host.pass(1_000);
    let first = host.take(reader).unwrap();
    assert_eq!(first.offset.0, 0);
    host.settle(reader, &first, &Settle::Ack);
    assert_eq!(host.take(reader).unwrap().offset.0, 1);
}

#[test]
fn a_dead_message_lets_its_key_go_on_when_it_is_buried() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&Subscription { dead_letter: Some("dead".into()), ..parked() });
    fill(&mut host, "aa");
    let first = host.take(reader).unwrap();
    host.settle(reader, &first, &Settle::Dead("bad".into()));
    assert_eq!(host.take(reader), None);
    host.core.on_buried(host.now, host.burials[0].of);
    host.turn();
    assert_eq!(host.take(reader).unwrap().offset.0, 1);
}
