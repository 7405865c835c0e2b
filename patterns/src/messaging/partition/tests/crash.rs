use std::collections::{BTreeMap, BTreeSet};

use cascadia_runtime::Stream;

use super::host::{Host, subscription};
use crate::messaging::message::Message;
use crate::messaging::partition::{Change, Deceased};
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;

/// What was told to somebody.
#[derive(Clone, Debug, Default)]
struct Told {
    confirmed: BTreeSet<u64>,
    /// Somebody has done them and said so, and may not have been heard.
    asked: BTreeSet<u64>,
    done: BTreeSet<u64>,
    buried: BTreeSet<u64>,
}

fn with_letters() -> Subscription {
    Subscription { dead_letter: Some("dead".into()), attempts: Some(2), ..subscription() }
}

/// Begins anew with what is on the disk, and does everything that is left.
fn check(disk: &BTreeMap<u64, Change>, told: &Told) {
    let mut host = Host::new(TopicSettings::queue());
    host.disk = disk.clone();
    host.restart();
    let reader = host.read(&with_letters());
    let mut ends = BTreeSet::new();
    loop {
        for burial in std::mem::take(&mut host.burials) {
            let Deceased::Delivered(_, offset) = burial.of else { unreachable!() };
            ends.insert(offset.0);
            host.core.on_buried(host.now, burial.of);
            host.turn();
        }
        let Some(handed) = host.take(reader) else { break };
        ends.insert(handed.offset.0);
        assert_eq!(host.settle(reader, &handed, &Settle::Ack), Settled::Done);
    }
    assert!(ends.is_disjoint(&told.done), "what is done comes again: {ends:?} {told:?}");
    let known: BTreeSet<_> = ends.union(&told.asked).chain(&told.buried).copied().collect();
    assert!(told.confirmed.is_subset(&known), "something is lost: {ends:?} {told:?}");
    assert_eq!(host.core.lag(host.now, reader).messages, 0);
}

/// Killed after each entry, before or after old ones are dropped: nothing that was told is taken back.
#[test]
fn a_crash_after_any_entry_loses_nothing_that_was_told() {
    for seed in 0..10 {
        let mut stream = Stream::from_seed(seed);
        let (mut host, mut told) = (Host::new(TopicSettings::queue()), Told::default());
        let reader = host.read(&with_letters());
        let mut handed = Vec::new();
        for n in 0..200_u64 {
            host.syncs = false;
            let mut asked = None;
            match stream.below(5) {
                0 | 1 => {
                    let to = crate::messaging::ids::Partition::new("orders", 0);
                    let message = Message::new("").id(n.to_string());
                    host.send(crate::messaging::batch::Batch::new(to, [message]));
                }
                2 => handed.extend(host.take(reader)),
                3 if !handed.is_empty() => {
                    let of = handed.swap_remove(stream.below(handed.len() as u64) as usize);
                    let all = [Settle::Ack, Settle::Ack, Settle::Requeue, Settle::Dead("".into())];
                    let settle = all[stream.below(4) as usize].clone();
                    if settle == Settle::Ack {
                        told.asked.insert(of.offset.0);
                    }
                    let ticket = host.ticket();
                    let ids = [(of.offset, of.token)];
                    host.core.settle(host.now, ticket, reader, &ids, &settle);
                    host.turn();
                    asked = (settle == Settle::Ack).then_some((ticket, of.offset.0));
                }
                _ => {
                    for burial in std::mem::take(&mut host.burials) {
                        let Deceased::Delivered(_, offset) = burial.of else { unreachable!() };
                        told.buried.insert(offset.0);
                        host.core.on_buried(host.now, burial.of);
                    }
                    host.turn();
                }
            }
            let mut disk = host.disk.clone();
            check(&disk, &told);
            for entry in &host.unsynced.0 {
                disk.insert(entry.index, entry.change.clone());
                check(&disk, &told);
            }
            host.syncs = true;
            host.turn();
            let confirmed = std::mem::take(&mut host.published).into_values();
            told.confirmed.extend(confirmed.filter_map(|it| Some(it.ok()?.first?.0)));
            if let Some((ticket, offset)) = asked
                && host.settled[&ticket] == [Settled::Done]
            {
                told.done.insert(offset);
            }
            check(&host.disk, &told);
        }
        assert!(told.confirmed.len() > 40 && told.done.len() > 5 && !told.buried.is_empty());
    }
}
