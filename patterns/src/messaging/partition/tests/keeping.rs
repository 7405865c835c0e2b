use std::time::Duration;

use cascadia_runtime::Time;

use super::host::{Host, at, subscription};
use crate::messaging::batch::Batch;
use crate::messaging::error::BrokerError;
use crate::messaging::ids::{Group, Offset, Partition};
use crate::messaging::message::Message;
use crate::messaging::settle::Settle;
use crate::messaging::start::{Reset, Start};
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::{Keep, Overflow, TopicSettings};

const HOUR: Duration = Duration::from_secs(3_600);

fn bodies(host: &mut Host, reader: crate::messaging::partition::ReaderId) -> Vec<String> {
    let taken = std::iter::from_fn(|| host.take(reader));
    taken.map(|handed| String::from_utf8(handed.message.bytes().to_vec()).unwrap()).collect()
}

#[test]
fn each_group_has_a_place_of_its_own() {
    let mut host = Host::new(TopicSettings::default());
    let shop = host.read(&subscription());
    let audit = host.read(&Subscription { group: "audit".into(), ..subscription() });
    host.fill(3);
    assert_eq!(host.take_all(shop), [0, 1, 2]);
    assert_eq!(host.take_all(audit), [0, 1, 2]);
    assert_eq!(host.take_all(audit), [0; 0]);
}

#[test]
fn what_is_too_old_is_kept_no_more_and_who_is_late_is_told() {
    let settings = TopicSettings { retain_for: Some(HOUR), ..TopicSettings::default() };
    let mut host = Host::new(settings);
    let reader = host.read(&subscription());
    host.fill(2);
    host.pass(1_800_000);
    host.fill(1);
    host.pass(1_800_000);
    assert_eq!(host.core.bounds(), (Offset(2), Offset(3)));
    assert_eq!(host.gaps, [(0, 2)]);
    assert_eq!(host.core.counts().missed, 2);
    assert_eq!(host.take_all(reader), [2]);
    host.restart();
    assert_eq!(host.core.bounds(), (Offset(2), Offset(3)));
}

#[test]
fn who_falls_out_of_range_goes_on_as_it_has_said() {
    for reset in [Reset::Earliest, Reset::Latest, Reset::Fail] {
        let settings = TopicSettings { retain_bytes: Some(10), ..TopicSettings::default() };
        let mut host = Host::new(settings);
        let reader = host.read(&Subscription { reset, ..subscription() });
        host.publish((0..30).map(|n| Message::new(format!("{}", n % 10))));
        host.fill(1);
        assert_eq!(host.out_of_range == 1, reset == Reset::Fail);
        let (start, end) = host.core.bounds();
        assert_eq!((start.0, end.0), (21, 31), "{reset:?}");
        let taken = host.take_all(reader);
        let expected = if reset == Reset::Latest { 31..31 } else { 21..31 };
        assert_eq!(taken, expected.collect::<Vec<_>>(), "{reset:?}");
    }
}

#[test]
fn a_group_begins_where_it_wants() {
    let mut host = Host::new(TopicSettings::default());
    host.fill(3);
    host.pass(1_000);
    host.fill(2);
    let since = Start::Since(at(500).wall);
    let starts = [
        (Start::Earliest, 0),
        (Start::Latest, 5),
        (Start::Last, 4),
        (Start::At(Offset(2)), 2),
        (since, 3),
    ];
    for (n, (start, expected)) in starts.into_iter().enumerate() {
        let group = Group::from(format!("group {n}"));
        let reader = host.core.read(host.now, &group, start, (&subscription()).into());
        host.turn();
        let taken = host.take(reader).map_or(5, |handed| handed.offset.0);
        assert_eq!(taken, expected, "{start:?}");
    }
}

#[test]
fn seeking_makes_void_what_a_group_had() {
    let mut host = Host::new(TopicSettings::default());
    let reader = host.read(&subscription());
    host.fill(3);
    let first = host.take(reader).unwrap();
    host.settle(reader, &first, &Settle::Ack);
    let second = host.take(reader).unwrap();
    let ticket = host.ticket();
    host.core.seek(host.now, ticket, reader, Start::Earliest);
    host.turn();
    assert!(host.done.contains(&ticket));
    assert_eq!(host.take_all(reader), [0, 1, 2]);
    assert_eq!(host.freed, 2);
    drop(second);
    host.restart();
    let reader = host.read(&subscription());
    assert_eq!(host.take_all(reader), [0, 1, 2]);
}

#[test]
fn the_last_message_of_each_key_is_kept_and_tombstones_for_a_day() {
    let mut host = Host::new(TopicSettings { keep: Keep::LastOfKey, ..TopicSettings::default() });
    let set = |key: &str, n: u32| Message::new(n.to_string()).key(key);
    for n in 0..1_000 {
        host.publish([set(["a", "b", "c"][n as usize % 3], n)]);
    }
    host.publish([Message::tombstone("a")]);
    for n in 1_001..1_200 {
        host.publish([set("b", n)]);
    }
    assert!(host.disk.len() < 200, "{} entries", host.disk.len());
    for _ in 0..2 {
        let group = Group::from("new");
        let reader = host.core.read(host.now, &group, Start::Earliest, (&subscription()).into());
        let all = bodies(&mut host, reader);
        assert!(all.len() < 150, "{}", all.len());
        assert!(all.contains(&"998".to_owned()) && all.last() == Some(&"1199".to_owned()));
        assert!(all.contains(&String::new()), "the tombstone is there");
        assert!(!all.contains(&"999".to_owned()), "what it deletes is not");
        host.restart();
        let reader = host.core.reader(&group).unwrap();
        host.core.leave(reader);
        host.turn();
    }
    host.pass(24 * 3_600 * 1_000);
    for n in 0..200 {
        host.publish([set("b", n)]);
    }
    let reader = host.read(&subscription());
    assert!(!bodies(&mut host, reader).contains(&String::new()));
}

#[test]
fn a_full_topic_does_as_it_was_told() {
    let bounded = |overflow, dead: bool| TopicSettings {
        bound: Some(2),
        overflow,
        dead_letter: dead.then(|| "dead".into()),
        ..TopicSettings::queue()
    };
    let mut host = Host::new(bounded(Overflow::Reject, false));
    host.fill(2);
    let ticket = host.send(Batch::new(Partition::new("orders", 0), [Message::new("2")]));
    assert_eq!(host.published[&ticket], Err(BrokerError::Full));
    let reader = host.read(&subscription());
    assert_eq!(bodies(&mut host, reader), ["0", "1"]);

    let mut host = Host::new(bounded(Overflow::DropHead, false));
    let reader = host.read(&subscription());
    host.fill(2);
    let first = host.take(reader).unwrap();
    host.fill(3);
    // What somebody has is not dropped under its hands.
    assert_eq!(bodies(&mut host, reader), ["2"]);
    assert_eq!(host.settle(reader, &first, &Settle::Ack), crate::messaging::settle::Settled::Done);
    assert_eq!(host.core.counts().dropped, 3);

    let mut host = Host::new(bounded(Overflow::DropNew, false));
    let reader = host.read(&subscription());
    host.fill(2);
    let receipt = host.publish([Message::new("2")]);
    assert_eq!((receipt.added, receipt.dropped, receipt.first), (0, 1, None));
    assert_eq!(bodies(&mut host, reader), ["0", "1"]);
}

#[test]
fn what_there_is_no_room_for_is_buried_before_it_is_confirmed() {
    for overflow in [Overflow::DropNew, Overflow::DropHead] {
        let dead_letter = Some("dead".into());
        let bound = Some(1);
        let mut host =
            Host::new(TopicSettings { bound, overflow, dead_letter, ..TopicSettings::queue() });
        let reader = host.read(&subscription());
        host.fill(1);
        let ticket = host.send(Batch::new(Partition::new("orders", 0), [Message::new("1")]));
        let burial = host.burials.pop().unwrap();
        let is_new = overflow == Overflow::DropNew;
        assert_eq!(host.published.contains_key(&ticket), !is_new);
        assert_eq!(burial.letter.bytes(), if is_new { b"1" } else { b"0" });
        host.core.on_buried(host.now, burial.of);
        host.turn();
        assert!(host.published.contains_key(&ticket));
        assert_eq!(bodies(&mut host, reader), [if is_new { "0" } else { "1" }]);
    }
}

#[test]
fn what_nobody_wants_any_more_is_dead_and_not_delivered() {
    let time_to_live = Some(Duration::from_secs(10));
    let mut host = Host::new(TopicSettings { time_to_live, ..TopicSettings::queue() });
    let reader = host.read(&Subscription { dead_letter: Some("dead".into()), ..subscription() });
    host.publish([Message::new("short").expires(at(5_000).wall)]);
    host.publish([Message::new("long")]);
    host.publish([Message::new("longer").expires(at(20_000).wall)]);
    host.pass(5_000);
    let long = host.take(reader).unwrap();
    assert_eq!(long.message.bytes(), b"long");
    host.settle(reader, &long, &Settle::Requeue);
    host.pass(5_000);
    assert_eq!(host.take(reader).unwrap().message.bytes(), b"longer");
    let buried: Vec<_> = host.burials.iter().map(|burial| burial.letter.bytes()).collect();
    assert_eq!(buried, [b"short".as_slice(), b"long"]);
    assert_eq!(host.core.counts().expired, 2);
}

#[test]
fn the_last_value_is_kept_whatever_else_is_said() {
    let retain_for = Some(HOUR);
    let mut host =
        Host::new(TopicSettings { retain_for, keep_last: true, ..TopicSettings::default() });
    host.fill(3);
    host.pass(7_200_000);
    assert_eq!(host.core.bounds(), (Offset(2), Offset(3)));
    let group = Group::from("late");
    let reader = host.core.read(host.now, &group, Start::Last, (&subscription()).into());
    host.turn();
    assert_eq!(bodies(&mut host, reader), ["2"]);
}

#[test]
fn what_is_too_old_before_it_is_durable_is_looked_at_when_it_is() {
    let settings = TopicSettings { retain_for: Some(HOUR), ..TopicSettings::default() };
    let mut host = Host::new(settings);
    host.syncs = false;
    let messages = ["0", "1"].map(Message::new);
    host.send(Batch::new(Partition::new("orders", 0), messages));
    host.pass(7_200_000);
    assert_eq!(host.core.bounds(), (Offset(0), Offset(2)));
    assert_eq!(host.core.next_deadline(), Time::MAX, "nothing can be done about it");
    host.sync();
    host.turn();
    assert!(host.core.next_deadline() <= host.now.time);
    host.pass(0);
    assert_eq!(host.core.bounds(), (Offset(2), Offset(2)));
}
