use std::time::Duration;

use super::host::{Host, subscription};
use crate::messaging::backoff::Backoff;
use crate::messaging::headers::header;
use crate::messaging::message::Message;
use crate::messaging::partition::{ConsumerId, Deceased};
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::sharing::{Abandoned, AckMode, LateAck};
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;

#[test]
fn what_is_published_is_delivered_once_and_done() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    host.fill(3);
    for n in 0..3_u64 {
        let handed = host.take(reader).unwrap();
        assert_eq!((handed.offset.0, handed.attempt), (n, 1));
        assert_eq!(handed.message.bytes(), n.to_string().as_bytes());
        assert_eq!(host.settle(reader, &handed, &Settle::Ack), Settled::Done);
        assert_eq!(host.settle(reader, &handed, &Settle::Ack), Settled::Gone);
    }
    assert_eq!(host.take(reader), None);
    assert_eq!(host.core.lag(host.now, reader).messages, 0);
    assert_eq!(host.freed, 3);
}

#[test]
fn what_is_not_settled_in_time_is_delivered_again() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    host.fill(2);
    let first = host.take(reader).unwrap();
    host.pass(29_999);
    assert_eq!(host.take(reader).unwrap().offset.0, 1);
    host.pass(1);
    let again = host.take(reader).unwrap();
    assert_eq!((again.offset, again.attempt), (first.offset, 2));
    assert_ne!(again.token, first.token);
}

#[test]
fn a_message_whose_consumer_works_on_it_stays_there() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    host.fill(1);
    let handed = host.take(reader).unwrap();
    for _ in 0..5 {
        host.pass(20_000);
        assert_eq!(host.settle(reader, &handed, &Settle::Working), Settled::Done);
    }
    assert_eq!(host.take(reader), None);
    host.pass(30_000);
    assert_eq!(host.take(reader).unwrap().attempt, 2);
}

/// JetStream honours it; with a fence it is void.
#[test]
fn a_late_ack_of_the_previous_consumer_counts_as_the_settings_say() {
    for (late_ack, told) in [(LateAck::Accept, Settled::Late), (LateAck::Fence, Settled::Stale)] {
        let mut host = Host::new(TopicSettings::queue());
        let reader = host.read(&Subscription { late_ack, ..subscription() });
        host.fill(1);
        let first = host.take(reader).unwrap();
        host.pass(30_000);
        let second = host.take(reader).unwrap();
        assert_eq!(host.settle(reader, &first, &Settle::Requeue), Settled::Stale);
        assert_eq!(host.settle(reader, &first, &Settle::Ack), told);
        let left = if told == Settled::Late { Settled::Gone } else { Settled::Done };
        assert_eq!(host.settle(reader, &second, &Settle::Ack), left);
    }
}

/// RabbitMQ gives it back when the channel closes; JetStream waits.
#[test]
fn what_a_consumer_had_that_is_gone_is_released_or_stays_until_its_time_is_over() {
    for (abandoned, rest) in [(Abandoned::Released, 0), (Abandoned::Kept, 30_000)] {
        let mut host = Host::new(TopicSettings::queue());
        let reader = host.read(&Subscription { abandoned, ..subscription() });
        host.fill(1);
        let first = host.take(reader).unwrap();
        host.core.detach(host.now, reader, ConsumerId(1));
        host.pass(rest);
        let again = host.take(reader).unwrap();
        assert_eq!((again.offset, again.attempt), (first.offset, 2));
        assert_eq!(host.take(reader), None);
    }
}

/// A limit of n means n deliveries, unlike RabbitMQ's, where it means n + 1.
#[test]
fn poison_is_dead_after_its_attempts_and_buried_before_it_is_done() {
    let mut host = Host::new(TopicSettings::queue());
    let dead_letter = Some("dead".into());
    let reader = host.read(&Subscription { attempts: Some(3), dead_letter, ..subscription() });
    host.publish([Message::new("poison").id("p-1").header("traceparent", "00-1")]);
    for attempt in 1..=3 {
        let handed = host.take(reader).unwrap();
        assert_eq!(handed.attempt, attempt);
        host.settle(reader, &handed, &Settle::Requeue);
    }
    assert_eq!(host.take(reader), None);
    let burial = host.burials.pop().unwrap();
    assert_eq!(burial.to, "dead".into());
    let header = |name| burial.letter.headers.text(name).unwrap();
    assert_eq!(header(header::DEAD_TOPIC), "orders");
    assert_eq!(header(header::DEAD_ATTEMPTS), "3");
    assert_eq!(header(header::DEAD_REASON), "attempts");
    assert_eq!(header(header::DEAD_ID), "p-1");
    assert_eq!(header(header::TRACEPARENT), "00-1");
    // As long as it is not buried, the group is not done with it, whatever happens.
    assert_eq!(host.core.lag(host.now, reader).messages, 1);
    host.restart();
    let dead_letter = Some("dead".into());
    let reader = host.read(&Subscription { dead_letter, ..subscription() });
    assert_eq!(host.burials.pop().unwrap().letter.id, burial.letter.id);
    host.core.on_buried(host.now, burial.of);
    host.turn();
    assert_eq!(host.core.lag(host.now, reader).messages, 0);
    assert!(matches!(burial.of, Deceased::Delivered(..)));
}

#[test]
fn what_is_refused_rests_as_it_is_said() {
    let mut host = Host::new(TopicSettings::queue());
    let backoff = Backoff::Steps(vec![Duration::from_secs(1), Duration::from_secs(5)]);
    let reader = host.read(&Subscription { backoff, ..subscription() });
    host.fill(1);
    let handed = host.take(reader).unwrap();
    host.settle(reader, &handed, &Settle::RequeueAfter(Duration::from_secs(2)));
    host.pass(1_999);
    assert_eq!(host.take(reader), None);
    host.pass(1);
    // The backoff is of what is not settled in time, as in JetStream.
    let handed = host.take(reader).unwrap();
    host.pass(30_000);
    assert_eq!(host.take(reader), None);
    host.pass(5_000);
    assert_eq!(host.take(reader).unwrap().attempt, handed.attempt + 1);
}

#[test]
fn everything_before_an_offset_is_done_with_one_word() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    host.fill(5);
    let handed: Vec<_> = (0..4).map(|_| host.take(reader).unwrap()).collect();
    host.settle(reader, &handed[2], &Settle::AckThrough);
    assert_eq!(host.settle(reader, &handed[0], &Settle::Ack), Settled::Gone);
    assert_eq!(host.settle(reader, &handed[3], &Settle::Ack), Settled::Done);
    assert_eq!(host.core.lag(host.now, reader).messages, 1);
}

/// At most once: it is known to be done before anybody sees it.
#[test]
fn a_delivery_that_acknowledges_itself_waits_until_that_is_durable() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&Subscription { ack: AckMode::OnDelivery, ..subscription() });
    host.fill(1);
    host.syncs = false;
    let handed = host.take(reader).unwrap();
    assert!(!host.disk.contains_key(&handed.after) && handed.after > 0);
    host.sync();
    assert!(host.disk.contains_key(&handed.after));
    host.restart();
    let reader = host.read(&subscription());
    assert_eq!(host.take(reader), None);
}
