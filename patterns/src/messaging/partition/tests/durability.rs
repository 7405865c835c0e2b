use std::sync::Arc;

use super::host::{Host, at, subscription};
use crate::messaging::batch::Batch;
use crate::messaging::error::BrokerError;
use crate::messaging::identity::{Numbered, ProducerIdentity, Sequence};
use crate::messaging::ids::{Offset, Partition};
use crate::messaging::message::Message;
use crate::messaging::partition::{Appended, Change};
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;

fn numbered(id: u64, epoch: u32, first: u32, bodies: &[&str]) -> Batch {
    let messages = bodies.iter().map(|body| Message::new(*body));
    let producer = ProducerIdentity { id, epoch };
    let numbered = Some(Numbered { producer, first: Sequence::new(first) });
    Batch { numbered, ..Batch::new(Partition::new("orders", 0), messages) }
}

/// An acknowledgement, and what is delivered, rest on nothing that a crash could take away.
#[test]
fn what_is_not_synced_is_not_relied_on() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    host.syncs = false;
    let ticket = host.send(numbered(1, 0, 0, &["a"]));
    assert_eq!(host.published.get(&ticket), None);
    assert_eq!(host.take(reader), None);
    // A second copy is not confirmed before the first one is durable.
    let again = host.send(numbered(1, 0, 0, &["a"]));
    host.turn();
    assert_eq!(host.published.get(&again), None);
    host.restart();
    let reader = host.read(&subscription());
    host.syncs = true;
    let ticket = host.send(numbered(1, 0, 0, &["a"]));
    assert_eq!(host.published[&ticket].as_ref().unwrap().added, 1);
    assert_eq!(host.take(reader).unwrap().message.bytes(), b"a");
}

#[test]
fn an_ack_that_was_not_synced_is_taken_back_and_not_told() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    host.fill(1);
    let handed = host.take(reader).unwrap();
    host.syncs = false;
    let ticket = host.ticket();
    let ids = [(handed.offset, handed.token)];
    host.core.settle(host.now, ticket, reader, &ids, &Settle::Ack);
    host.turn();
    assert_eq!(host.settled.get(&ticket), None);
    host.restart();
    let reader = host.read(&subscription());
    assert_eq!(host.take(reader).unwrap().offset, Offset(0));
}

#[test]
fn a_batch_that_asks_for_the_leader_is_answered_when_that_has_it() {
    use crate::messaging::acks::Acks;
    use crate::messaging::batch::Batch;
    use crate::messaging::partition::{Effect, Ticket};
    let mut host = Host::new(TopicSettings::queue());
    host.read(&subscription());
    let batch = |acks| Batch { acks, ..Batch::new(host.core.name().clone(), [Message::new("a")]) };
    let [all, leader] = [Acks::All, Acks::Leader].map(batch);
    host.core.publish(host.now, Ticket(1), all);
    host.core.publish(host.now, Ticket(2), leader);
    let mut entries = Vec::new();
    host.core.take_entries(&mut entries, &mut Vec::new());
    assert_eq!(host.core.poll_effect(), None);
    let last = entries.last().unwrap().index;
    let answered = |host: &mut Host| match host.core.poll_effect() {
        Some(Effect::Published(ticket, Ok(_))) => Some(ticket.0),
        _ => None,
    };
    host.core.on_written(last);
    assert_eq!([answered(&mut host), answered(&mut host)], [Some(2), None]);
    host.core.on_durable(last);
    assert_eq!([answered(&mut host), answered(&mut host)], [Some(1), None]);
}

#[test]
fn what_is_replayed_and_not_durable_everywhere_is_delivered_later() {
    use crate::messaging::ids::Partition;
    use crate::messaging::partition::{ConsumerId, Entry, PartitionCore};
    use crate::messaging::start::Start;
    let mut host = Host::new(TopicSettings::queue());
    host.fill(3);
    let last = *host.disk.keys().last().unwrap();
    let name = Partition::new("orders", 0);
    let mut core = PartitionCore::new(name, TopicSettings::queue(), 2, host.now);
    for (index, change) in &host.disk {
        core.replay(Entry { index: *index, change: change.clone() });
    }
    core.begin_at(last - 1);
    let reader = core.read(host.now, &"shop".into(), Start::Earliest, (&subscription()).into());
    let take = |core: &mut PartitionCore| {
        core.deliver(host.now, reader, ConsumerId(1)).map(|it| it.offset.0)
    };
    assert_eq!([take(&mut core), take(&mut core), take(&mut core)], [Some(0), Some(1), None]);
    core.on_durable(last);
    assert_eq!([take(&mut core), take(&mut core)], [Some(2), None]);
}

/// A token of an earlier life is not that of the first delivery in this one.
#[test]
fn a_delivery_token_is_not_used_again_after_a_restart() {
    use crate::messaging::sharing::LateAck;
    let mut host = Host::new(TopicSettings::queue());
    let fenced = Subscription { late_ack: LateAck::Fence, ..subscription() };
    let reader = host.read(&fenced);
    host.fill(1);
    let before = host.take(reader).unwrap();
    host.restart();
    let reader = host.read(&fenced);
    let after = host.take(reader).unwrap();
    assert_eq!(before.token.number, after.token.number);
    assert_eq!(host.settle(reader, &before, &Settle::Ack), Settled::Stale);
    assert_eq!(host.settle(reader, &after, &Settle::Ack), Settled::Done);
}

#[test]
fn attempts_and_rests_outlive_a_restart() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    host.fill(2);
    let (first, second) = (host.take(reader).unwrap(), host.take(reader).unwrap());
    host.settle(reader, &first, &Settle::RequeueAfter(std::time::Duration::from_secs(10)));
    host.settle(reader, &second, &Settle::Requeue);
    host.restart();
    let reader = host.read(&subscription());
    let again = host.take(reader).unwrap();
    assert_eq!((again.offset, again.attempt), (second.offset, 2));
    assert_eq!(host.take(reader), None);
    host.pass(10_000);
    assert_eq!(host.take(reader).unwrap().attempt, 2);
}

#[test]
fn the_last_five_batches_of_a_producer_are_known_again() {
    let mut host = Host::new(TopicSettings::default());
    for n in 0..6 {
        let ticket = host.send(numbered(1, 0, 2 * n, &["a", "b"]));
        assert_eq!(host.published[&ticket].as_ref().unwrap().added, 2);
    }
    for n in 1..6 {
        let ticket = host.send(numbered(1, 0, 2 * n, &["a", "b"]));
        let receipt = host.published[&ticket].clone().unwrap();
        assert_eq!((receipt.duplicates, receipt.first), (2, Some(Offset(u64::from(2 * n)))));
    }
    let expected = Sequence::new(12);
    for first in [0, 11, 13] {
        let ticket = host.send(numbered(1, 0, first, &["a", "b"]));
        assert_eq!(host.published[&ticket], Err(BrokerError::OutOfSequence { expected }));
    }
    host.restart();
    let ticket = host.send(numbered(1, 0, 10, &["a", "b"]));
    assert_eq!(host.published[&ticket].as_ref().unwrap().duplicates, 2);
}

#[test]
fn a_producer_of_an_earlier_epoch_is_fenced_and_a_new_one_begins_at_zero() {
    let mut host = Host::new(TopicSettings::default());
    host.send(numbered(1, 3, 7, &["unknown producers may begin anywhere"]));
    let ticket = host.send(numbered(1, 2, 8, &["a"]));
    assert_eq!(host.published[&ticket], Err(BrokerError::Fenced));
    let ticket = host.send(numbered(1, 4, 8, &["a"]));
    let expected = Sequence::ZERO;
    assert_eq!(host.published[&ticket], Err(BrokerError::OutOfSequence { expected }));
    let ticket = host.send(numbered(1, 4, 0, &["a"]));
    assert!(host.published[&ticket].is_ok());
}

#[test]
fn the_number_after_the_last_is_zero() {
    let mut host = Host::new(TopicSettings::default());
    host.send(numbered(1, 0, Sequence::MAX.get(), &["a"]));
    let ticket = host.send(numbered(1, 0, 0, &["b"]));
    assert_eq!(host.published[&ticket].as_ref().unwrap().added, 1);
}

/// Kafka's window: whoever sends again after a day is not known again.
#[test]
fn a_producer_is_forgotten_after_a_day() {
    let mut host = Host::new(TopicSettings::default());
    host.send(numbered(1, 0, 0, &["a"]));
    host.pass(24 * 3_600 * 1_000 - 1);
    let ticket = host.send(numbered(1, 0, 0, &["a"]));
    assert_eq!(host.published[&ticket].as_ref().unwrap().duplicates, 1);
    host.pass(1);
    let ticket = host.send(numbered(1, 0, 0, &["a"]));
    assert_eq!(host.published[&ticket].as_ref().unwrap().added, 1);
}

#[test]
fn a_message_is_known_by_its_id_for_the_window_and_not_longer() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    let paid = || [Message::new("paid").id("7")];
    assert_eq!(host.publish(paid()).added, 1);
    // It is known although it is done, gone, and the process was restarted.
    let handed = host.take(reader).unwrap();
    host.settle(reader, &handed, &Settle::Ack);
    host.fill(100);
    while let Some(handed) = host.take(reader) {
        host.settle(reader, &handed, &Settle::Ack);
    }
    host.restart();
    host.pass(119_999);
    let again = host.publish(paid());
    assert_eq!((again.duplicates, again.first), (1, Some(Offset(0))));
    host.pass(1);
    assert_eq!(host.publish(paid()).added, 1);
    let twice = host.publish([Message::new("a").id("8"), Message::new("a").id("8")]);
    assert_eq!((twice.added, twice.duplicates), (1, 1));
}

/// Neither in memory nor on disk: what is done leaves a bounded rest.
#[test]
fn nothing_is_left_of_messages_that_are_done() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    let mut most = 0;
    for n in 0..5_000 {
        host.send(numbered(1, 0, n, &["a"]));
        let handed = host.take(reader).unwrap();
        host.settle(reader, &handed, &Settle::Ack);
        host.pass(1);
        most = most.max(host.disk.len());
    }
    assert!(most < 200, "{most} entries");
    let (start, end) = host.core.bounds();
    assert!(end.0 - start.0 <= 64);
    host.restart();
    let ticket = host.send(numbered(1, 0, 4_999, &["a"]));
    assert_eq!(host.published[&ticket].as_ref().unwrap().duplicates, 1);
}

#[test]
fn entries_that_were_forgotten_do_no_harm() {
    let mut host = Host::new(TopicSettings::queue());
    let reader = host.read(&subscription());
    for n in 0..200 {
        host.publish([Message::new("a").id(n.to_string())]);
        let handed = host.take(reader).unwrap();
        host.settle(reader, &handed, &Settle::Ack);
    }
    // As a log that only grows would have it: an entry of old, which the disk has dropped.
    let messages = vec![Arc::new(Message::new("a").id("0"))];
    let first = Offset(0);
    let appended =
        Appended { first, at: at(0).wall, messages, numbered: None, transactional: false };
    host.disk.insert(1, Change::Appended(appended));
    host.restart();
    let reader = host.read(&subscription());
    assert_eq!(host.take(reader), None);
    assert_eq!(host.core.bounds().1, Offset(200));
}

#[test]
fn what_one_group_has_done_is_kept_for_another_whose_entries_come_later() {
    let mut host = Host::new(TopicSettings::queue());
    let other = Subscription { attempts: None, ..Subscription::new("orders", "other") };
    let (shop, late) = (host.read(&subscription()), host.read(&other));
    host.fill(2);
    for _ in 0..2 {
        let handed = host.take(shop).unwrap();
        host.settle(shop, &handed, &Settle::Ack);
    }
    // So often that what it has written is summed up behind all that the first has.
    for _ in 0..200 {
        let handed = host.take(late).unwrap();
        host.settle(late, &handed, &Settle::Requeue);
    }
    host.restart();
    let late = host.read(&other);
    assert_eq!(host.take_all(late), [0, 1]);
}
