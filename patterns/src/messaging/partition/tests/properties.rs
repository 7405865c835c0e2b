use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cascadia_runtime::Stream;

use super::host::{Defect, Host, subscription};
use super::model::{Is, Model};
use crate::messaging::batch::Batch;
use crate::messaging::identity::{Numbered, ProducerIdentity, Sequence};
use crate::messaging::ids::Partition;
use crate::messaging::message::Message;
use crate::messaging::partition::{Deceased, Handed, ReaderId, Ticket};
use crate::messaging::settle::{Settle, Settled};
use crate::messaging::sharing::{KeyOrder, LateAck};
use crate::messaging::subscription::Subscription;
use crate::messaging::topic::TopicSettings;

/// A partition and a model of it, driven alike.
struct Both {
    host: Host,
    reader: ReaderId,
    subscription: Subscription,
    model: Model,
    /// The model as it was when everything was last durable.
    durable: Model,
    /// With the life in which it was.
    handed: Vec<(u64, Handed)>,
    life: u64,
    /// What was sent, and is not known to be there.
    open: BTreeMap<Ticket, Batch>,
    confirmed: BTreeSet<u32>,
    sent: u32,
    acked: BTreeSet<u64>,
    /// The letters that are in the ground.
    buried: BTreeSet<u64>,
    /// Those that are on their way there.
    late: Vec<u64>,
}

impl Both {
    fn new(stream: &mut Stream, defect: Option<Defect>) -> Self {
        let subscription = Subscription {
            attempts: Some(2 + stream.below(3) as u32),
            dead_letter: Some("dead".into()),
            late_ack: LateAck::Fence,
            key_order: [KeyOrder::Free, KeyOrder::Parked][stream.below(2) as usize],
            ..subscription()
        };
        let mut host = Host::new(TopicSettings::queue());
        host.defect = defect;
        let reader = host.read(&subscription);
        let most = subscription.attempts.unwrap();
        let parks = subscription.key_order == KeyOrder::Parked;
        let model = Model { most, parks, ..Model::default() };
        Self {
            host,
            reader,
            subscription,
            durable: model.clone(),
            model,
            handed: Vec::new(),
            life: 0,
            open: BTreeMap::new(),
            confirmed: BTreeSet::new(),
            sent: 0,
            acked: BTreeSet::new(),
            buried: BTreeSet::new(),
            late: Vec::new(),
        }
    }

    fn step(&mut self, stream: &mut Stream) {
        match stream.below(20) {
            0..6 => self.publish(stream),
            6..11 => self.take(),
            11..16 => self.settle(stream),
            16 => self.pass(1 + stream.below(20_000)),
            17 => self.bury(),
            18 => self.host.syncs = stream.below(2) == 0,
            _ if stream.below(4) == 0 => self.crash(),
            _ => self.arrive(),
        }
        self.listen();
    }

    fn publish(&mut self, stream: &mut Stream) {
        let producer = ProducerIdentity { id: 1, epoch: 0 };
        let first = Sequence::new(self.sent);
        let key = (stream.below(2) == 0).then(|| stream.below(3) as u8);
        let mut message = Message::new(self.sent.to_string());
        message.key = key.map(|key| [key].into());
        let batch = Batch {
            numbered: Some(Numbered { producer, first }),
            ..Batch::new(Partition::new("orders", 0), [message])
        };
        self.model.publish(self.sent, key);
        self.sent += 1;
        let copies = 1 + u32::from(stream.below(4) == 0);
        for _ in 0..copies {
            let ticket = self.host.send(batch.clone());
            self.open.insert(ticket, batch.clone());
        }
        self.synced();
    }

    /// What the model says is durable follows the disk.
    fn synced(&mut self) {
        if self.host.syncs {
            self.model.durable = self.model.items.len();
            self.durable = self.model.clone();
        }
    }

    fn take(&mut self) {
        let until = self.host.now.time + self.subscription.ack_wait;
        let handed = self.host.take(self.reader);
        let token = handed.as_ref().map_or(0, |handed| handed.token.number);
        let expected = self.model.take(token, until);
        assert_eq!(handed.as_ref().map(|handed| (handed.offset.0, handed.attempt)), expected);
        if let Some(handed) = handed {
            assert!(!self.acked.contains(&handed.offset.0), "it was told that this is done");
            let body = self.model.items[handed.offset.0 as usize].body.to_string();
            assert_eq!(handed.message.bytes(), body.as_bytes());
            self.handed.push((self.life, handed));
        }
        self.synced();
    }

    fn settle(&mut self, stream: &mut Stream) {
        if self.handed.is_empty() {
            return;
        }
        let place = stream.below(self.handed.len() as u64) as usize;
        let (life, handed) = self.handed[place].clone();
        let at = handed.offset.0 as usize;
        let now = self.host.now;
        let pause = Duration::from_millis(1 + stream.below(30_000));
        let settle = match stream.below(8) {
            0..4 => Settle::Ack,
            4 => Settle::Requeue,
            5 => Settle::RequeueAfter(pause),
            6 => Settle::Dead("bad".into()),
            _ => Settle::Working,
        };
        let is = self.model.items.get(at).map_or(Is::Ready, |item| item.is);
        let has = matches!(is, Is::InFlight { token, .. } if token == handed.token.number);
        let told = match is {
            _ if has && life == self.life => Settled::Done,
            Is::Done | Is::Doomed => Settled::Gone,
            _ => Settled::Stale,
        };
        if told == Settled::Done {
            match &settle {
                Settle::Ack | Settle::AckThrough => self.model.items[at].is = Is::Done,
                Settle::Requeue => self.model.fail(at, None),
                Settle::RequeueAfter(_) => self.model.fail(at, Some(now.time + pause)),
                Settle::Dead(_) => {
                    self.model.items[at].is = Is::Doomed;
                    self.model.items[at].is_dead = true;
                }
                Settle::Working => {
                    let until = now.time + self.subscription.ack_wait;
                    self.model.items[at].is = Is::InFlight { token: handed.token.number, until };
                }
            }
        }
        let ticket = self.host.ticket();
        let ids = [(handed.offset, handed.token)];
        self.host.core.settle(now, ticket, self.reader, &ids, &settle);
        self.host.turn();
        if let Some(settled) = self.host.settled.remove(&ticket) {
            assert_eq!(settled, [told], "{settle:?} of {is:?}");
            if told == Settled::Done && settle == Settle::Ack {
                self.acked.insert(handed.offset.0);
            }
        }
        if settle != Settle::Working {
            self.handed.swap_remove(place);
        }
        self.synced();
    }

    fn pass(&mut self, millis: u64) {
        self.host.pass(millis);
        self.model.pass(self.host.now.time);
        self.synced();
    }

    /// What is to be buried is, and then done.
    fn bury(&mut self) {
        for burial in std::mem::take(&mut self.host.burials) {
            let Deceased::Delivered(_, offset) = burial.of else { unreachable!() };
            assert_eq!(self.model.items[offset.0 as usize].is, Is::Doomed);
            match self.host.defect {
                Some(Defect::AcksBeforeTheBurial) => self.late.push(offset.0),
                _ => drop(self.buried.insert(offset.0)),
            }
            self.host.core.on_buried(self.host.now, burial.of);
            self.model.items[offset.0 as usize].is = Is::Done;
        }
        self.host.turn();
        self.synced();
    }

    /// Letters that were on their way arrive.
    fn arrive(&mut self) {
        self.buried.extend(std::mem::take(&mut self.late));
    }

    fn crash(&mut self) {
        self.life += 1;
        self.model = self.durable.clone();
        self.model.crash(self.host.now.time);
        self.host.burials.clear();
        self.late.clear();
        self.host.restart();
        let subscription = self.subscription.clone();
        self.reader = self.host.read(&subscription);
        // Whoever was not told sends again.
        self.sent = self.model.items.iter().map(|item| item.body + 1).max().unwrap_or(0);
        self.open.clear();
        self.host.pass(0);
        self.model.pass(self.host.now.time);
        self.synced();
    }

    fn listen(&mut self) {
        for (ticket, result) in std::mem::take(&mut self.host.published) {
            if self.open.remove(&ticket).is_some() {
                let offset = result.unwrap().first.unwrap();
                self.confirmed.insert(self.model.items[offset.0 as usize].body);
            }
        }
    }

    /// In the end everything is done, and nothing is left of it.
    fn finish(mut self) {
        self.host.syncs = true;
        self.host.pass(60_000);
        self.model.pass(self.host.now.time);
        self.synced();
        for _ in 0..10_000 {
            self.bury();
            if self.model.left() == 0 {
                break;
            }
            self.pass(10_000);
            while let Some(handed) = self.host.take(self.reader) {
                let until = self.host.now.time + self.subscription.ack_wait;
                let expected = self.model.take(handed.token.number, until);
                assert_eq!(Some((handed.offset.0, handed.attempt)), expected);
                self.model.items[handed.offset.0 as usize].is = Is::Done;
                self.host.settle(self.reader, &handed, &Settle::Ack);
            }
        }
        self.listen();
        self.arrive();
        let dead = self.model.items.iter().zip(0..).filter(|(item, _)| item.is_dead);
        let unburied: Vec<_> = dead.filter(|(_, at)| !self.buried.contains(at)).collect();
        assert!(unburied.is_empty(), "dead and not buried: {unburied:?}");
        let bodies: BTreeSet<_> = self.model.items.iter().map(|item| item.body).collect();
        assert_eq!(bodies.len(), self.model.items.len(), "a message is there twice");
        assert!(self.confirmed.is_subset(&bodies), "a confirmed message is lost");
        assert_eq!(self.host.core.lag(self.host.now, self.reader).messages, 0);
        assert!(self.host.disk.len() < 250, "{} entries", self.host.disk.len());
    }
}

fn cases() -> u64 {
    let full = std::env::var_os("CASCADIA_FULL").is_some_and(|value| value == "1");
    if full { 10_000 } else { 300 }
}

fn run(seed: u64, defect: Option<Defect>) {
    let mut stream = Stream::from_seed(seed);
    let mut both = Both::new(&mut stream, defect);
    for _ in 0..300 {
        both.step(&mut stream);
    }
    both.finish();
}

#[test]
fn each_defect_of_a_host_is_found() {
    let defects = [Defect::TellsBeforeTheSync, Defect::HasNoTerm, Defect::AcksBeforeTheBurial];
    for defect in defects {
        let found =
            (0..50).find(|seed| std::panic::catch_unwind(|| run(*seed, Some(defect))).is_err());
        assert!(found.is_some(), "{defect:?} was not found");
    }
}

#[test]
fn it_does_as_the_model_says_whatever_happens() {
    for seed in 0..cases() {
        run(seed, None);
    }
}
