use super::host::{Host, subscription};
use crate::messaging::batch::Batch;
use crate::messaging::identity::{Numbered, ProducerIdentity, Sequence};
use crate::messaging::ids::Partition;
use crate::messaging::message::Message;
use crate::messaging::partition::Ticket;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;

const PRODUCER: ProducerIdentity = ProducerIdentity { id: 1, epoch: 0 };

fn transactional(first: u32, body: &str) -> Batch {
    let numbered = Some(Numbered { producer: PRODUCER, first: Sequence::new(first) });
    let to = Partition::new("orders", 0);
    Batch { numbered, transactional: true, ..Batch::new(to, [Message::new(body)]) }
}

fn committed_only() -> Subscription {
    Subscription { committed_only: true, ..subscription() }
}

fn end(host: &mut Host, commit: bool) -> Ticket {
    let ticket = host.ticket();
    host.core.end(host.now, ticket, PRODUCER, commit);
    host.turn();
    ticket
}

/// Who reads what is committed stops at the first message of which that is not known.
#[test]
fn nothing_behind_an_open_transaction_is_read_before_it_ends() {
    for commit in [true, false] {
        let mut host = Host::new(TopicSettings::default());
        let reader = host.read(&committed_only());
        let all = host.read(&Subscription { group: "all".into(), ..subscription() });
        host.fill(1);
        host.send(transactional(0, "a"));
        host.fill(1);
        assert_eq!(host.take_all(reader), [0]);
        assert_eq!(host.take_all(all), [0, 1, 2]);
        let ticket = end(&mut host, commit);
        assert!(host.done.contains(&ticket));
        let expected: &[u64] = if commit { &[1, 2] } else { &[2] };
        assert_eq!(host.take_all(reader), expected);
        host.restart();
        let reader = host.read(&committed_only());
        let expected: &[u64] = if commit { &[0, 1, 2] } else { &[0, 2] };
        assert_eq!(host.take_all(reader), expected);
    }
}

#[test]
fn an_end_that_is_not_durable_shows_nothing() {
    let mut host = Host::new(TopicSettings::default());
    let reader = host.read(&committed_only());
    host.send(transactional(0, "a"));
    host.syncs = false;
    let ticket = end(&mut host, true);
    assert_eq!(host.take(reader), None);
    assert!(!host.done.contains(&ticket));
    host.sync();
    host.turn();
    assert_eq!(host.take_all(reader), [0]);
    assert!(host.done.contains(&ticket));
}

#[test]
fn a_transaction_that_was_open_is_open_after_a_restart() {
    let mut host = Host::new(TopicSettings::default());
    host.send(transactional(0, "a"));
    host.fill(1);
    host.restart();
    let reader = host.read(&committed_only());
    assert_eq!(host.take(reader), None);
    end(&mut host, true);
    // It was ended already: nothing happens.
    end(&mut host, false);
    assert_eq!(host.take_all(reader), [0, 1]);
}

#[test]
fn deliveries_that_are_held_for_a_transaction_are_nobody_elses() {
    for commit in [true, false] {
        let mut host = Host::new(TopicSettings::queue());
        let reader = host.read(&subscription());
        host.fill(2);
        let handed = [host.take(reader).unwrap(), host.take(reader).unwrap()];
        let ids = handed.clone().map(|handed| (handed.offset, handed.token));
        assert!(host.core.hold(host.now, reader, &ids));
        assert!(!host.core.hold(host.now, reader, &ids[..1]));
        host.pass(60_000);
        assert_eq!(host.take(reader), None);
        assert_eq!(host.settle(reader, &handed[0], &Settle::Ack), Settled::Stale);
        let ticket = host.ticket();
        let offsets = ids.map(|(offset, _)| offset);
        host.core.finish_held(host.now, ticket, reader, &offsets, commit);
        host.turn();
        assert!(host.done.contains(&ticket));
        let left: &[u64] = if commit { &[] } else { &[0, 1] };
        assert_eq!(host.take_all(reader), left);
    }
}
