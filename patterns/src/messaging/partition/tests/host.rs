//! A partition with a disk that syncs when it is told to, and forgets what it has not synced when it dies.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cascadia_runtime::{Time, Wall};

use crate::messaging::batch::Batch;
use crate::messaging::delivery::Token;
use crate::messaging::error::BrokerError;
use crate::messaging::ids::{Group, Offset, Partition};
use crate::messaging::message::Message;
use crate::messaging::partition::{
    Burial, Change, ConsumerId, Effect, Entry, Handed, Now, PartitionCore, ReaderId, Ticket,
};
use crate::messaging::receipt::Receipt;
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::start::Start;
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;

pub(super) struct Host {
    pub(super) core: PartitionCore,
    settings: TopicSettings,
    pub(super) now: Now,
    term: u64,
    ticket: u64,
    pub(super) disk: BTreeMap<u64, Change>,
    pub(super) unsynced: (Vec<Entry>, Vec<u64>),
    /// Whether what is written is durable at once.
    pub(super) syncs: bool,
    pub(super) defect: Option<Defect>,
    pub(super) published: BTreeMap<Ticket, Result<Receipt, BrokerError>>,
    pub(super) settled: BTreeMap<Ticket, Vec<Settled>>,
    pub(super) done: BTreeSet<Ticket>,
    pub(super) burials: Vec<Burial>,
    pub(super) gaps: Vec<(u64, u64)>,
    pub(super) freed: usize,
    pub(super) out_of_range: usize,
}

/// What whoever runs a partition may do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defect {
    /// Says that something is durable when it is written, and not when it is synced.
    TellsBeforeTheSync,
    /// Begins a life with the term of the last one.
    HasNoTerm,
    /// Says that a letter is buried, and buries it later.
    AcksBeforeTheBurial,
}

pub(super) fn at(millis: u64) -> Now {
    let time = Time::from_nanos(millis * 1_000_000);
    Now { time, wall: Wall::from_nanos(1_000_000_000_000_000_000) + time.since(Time::ZERO) }
}

impl Host {
    pub(super) fn new(settings: TopicSettings) -> Self {
        let (now, name) = (at(0), Partition::new("orders", 0));
        Self {
            core: PartitionCore::new(name, settings.clone(), 1, now),
            settings,
            now,
            term: 1,
            ticket: 0,
            disk: BTreeMap::new(),
            unsynced: Default::default(),
            syncs: true,
            defect: None,
            published: BTreeMap::new(),
            settled: BTreeMap::new(),
            done: BTreeSet::new(),
            burials: Vec::new(),
            gaps: Vec::new(),
            freed: 0,
            out_of_range: 0,
        }
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        self.ticket += 1;
        Ticket(self.ticket)
    }

    /// What is written becomes durable, if it does so at once, and what is said is heard.
    pub(super) fn turn(&mut self) {
        let (entries, gone) = &mut self.unsynced;
        self.core.take_entries(entries, gone);
        if self.syncs {
            self.sync();
        } else if let Some(last) = entries.last()
            && self.defect == Some(Defect::TellsBeforeTheSync)
        {
            self.core.on_durable(last.index);
        }
        while let Some(effect) = self.core.poll_effect() {
            match effect {
                Effect::Published(ticket, result) => drop(self.published.insert(ticket, result)),
                Effect::Settled(ticket, settled) => drop(self.settled.insert(ticket, settled)),
                Effect::Done(ticket) => drop(self.done.insert(ticket)),
                Effect::Bury(burial) => self.burials.push(burial),
                Effect::Freed(..) => self.freed += 1,
                Effect::Gap(_, from, to) => self.gaps.push((from.0, to.0)),
                Effect::OutOfRange(_) => self.out_of_range += 1,
            }
        }
    }

    pub(super) fn sync(&mut self) {
        let (entries, gone) = std::mem::take(&mut self.unsynced);
        let last = entries.last().map(|entry| entry.index);
        self.disk.extend(entries.into_iter().map(|entry| (entry.index, entry.change)));
        for index in gone {
            assert!(self.disk.remove(&index).is_some(), "{index} was forgotten twice");
        }
        if let Some(last) = last {
            self.core.on_durable(last);
        }
    }

    /// The process dies and comes back: what was not durable is gone.
    pub(super) fn restart(&mut self) {
        self.unsynced = Default::default();
        self.term += u64::from(self.defect != Some(Defect::HasNoTerm));
        let (name, settings) = (Partition::new("orders", 0), self.settings.clone());
        self.core = PartitionCore::new(name, settings, self.term, self.now);
        for (index, change) in &self.disk {
            self.core.replay(Entry { index: *index, change: change.clone() });
        }
        self.core.begin();
    }

    pub(super) fn pass(&mut self, millis: u64) {
        self.now.time += Duration::from_millis(millis);
        self.now.wall = self.now.wall + Duration::from_millis(millis);
        self.core.on_tick(self.now);
        self.turn();
    }

    pub(super) fn send(&mut self, batch: Batch) -> Ticket {
        let ticket = self.ticket();
        self.core.publish(self.now, ticket, batch);
        self.turn();
        ticket
    }

    pub(super) fn publish(&mut self, messages: impl IntoIterator<Item = Message>) -> Receipt {
        let ticket = self.send(Batch::new(Partition::new("orders", 0), messages));
        self.published[&ticket].clone().unwrap()
    }

    /// `count` messages whose bodies are numbers.
    pub(super) fn fill(&mut self, count: u32) {
        for n in 0..count {
            self.publish([Message::new(n.to_string())]);
        }
    }

    pub(super) fn read(&mut self, subscription: &Subscription) -> ReaderId {
        let group: Group = subscription.group.clone();
        let reader = self.core.read(self.now, &group, Start::Earliest, subscription.into());
        self.turn();
        reader
    }

    pub(super) fn take(&mut self, reader: ReaderId) -> Option<Handed> {
        let handed = self.core.deliver(self.now, reader, ConsumerId(1));
        self.turn();
        handed
    }

    pub(super) fn take_all(&mut self, reader: ReaderId) -> Vec<u64> {
        std::iter::from_fn(|| self.take(reader)).map(|handed| handed.offset.0).collect()
    }

    pub(super) fn settle(&mut self, reader: ReaderId, of: &Handed, settle: &Settle) -> Settled {
        self.settle_all(reader, &[(of.offset, of.token)], settle)[0]
    }

    pub(super) fn settle_all(
        &mut self,
        reader: ReaderId,
        ids: &[(Offset, Token)],
        settle: &Settle,
    ) -> Vec<Settled> {
        let ticket = self.ticket();
        self.core.settle(self.now, ticket, reader, ids, settle);
        self.turn();
        self.settled[&ticket].clone()
    }
}

pub(super) fn subscription() -> Subscription {
    Subscription::new("orders", "shop")
}
