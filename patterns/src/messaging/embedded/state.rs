use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::task::Waker;

use cascadia_runtime::Time;
use tokio::sync::oneshot;

use super::answer::{Answer, Told};
use super::grouped::Grouped;
use super::rows::Rows;
use super::seat::{Hosted, Subscriber};
use crate::messaging::batch::Batch;
use crate::messaging::error::BrokerError;
use crate::messaging::feed::Fed;
use crate::messaging::identity::ProducerIdentity;
use crate::messaging::ids::{Group, Partition, Topic, TransactionalId};
use crate::messaging::partition::{Burial, Effect, Now, PartitionCore, Ticket};
use crate::messaging::topic::TopicSettings;
use crate::messaging::transaction::{Decision, TRANSACTION_TIMEOUT, TransactionCore};
use crate::store::Commit;

/// Everything that a broker knows.
#[derive(Debug)]
pub(super) struct State {
    pub(super) rows: Rows,
    pub(super) term: u64,
    pub(super) topics: BTreeMap<Topic, Known>,
    /// Partitions by their places, which are not used again.
    pub(super) hosted: BTreeMap<usize, Hosted>,
    /// When partitions have something to do by themselves, with their places.
    pub(super) due: BTreeSet<(Time, usize)>,
    pub(super) subscribers: BTreeMap<u64, Subscriber>,
    pub(super) groups: BTreeMap<Group, Grouped>,
    pub(super) answers: BTreeMap<Ticket, Answer>,
    /// Partitions that may have something to be written down.
    pub(super) dirty: BTreeSet<usize>,
    /// Partitions that a feed has looked at, while it does: the room for them is kept.
    pub(super) looked_at: Vec<usize>,
    /// Partitions that may have something to say.
    talking: BTreeSet<usize>,
    /// Rows that are to be written besides, and who waits for that.
    pub(super) beside: Commit,
    pub(super) barriers: Vec<oneshot::Sender<()>>,
    /// Messages that could not be buried yet.
    pub(super) unburied: VecDeque<(usize, Burial)>,
    pub(super) retry_at: Time,
    pub(super) names: BTreeMap<TransactionalId, ProducerIdentity>,
    pub(super) transactions: TransactionCore,
    /// Transactions that have taken too long.
    pub(super) aborts: Vec<Decision>,
    /// Those to be woken when nobody holds the lock, and what is to be told then.
    pub(super) wakers: Vec<Waker>,
    pub(super) told: Vec<Told>,
    pub(super) failed: Option<BrokerError>,
    next: u64,
    pub(super) next_place: usize,
}

/// A topic.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) settings: TopicSettings,
    /// The places of its partitions.
    pub(super) places: Vec<usize>,
}

impl State {
    pub(super) fn new(rows: Rows, term: u64) -> Self {
        Self {
            rows,
            term,
            topics: BTreeMap::new(),
            hosted: BTreeMap::new(),
            due: BTreeSet::new(),
            subscribers: BTreeMap::new(),
            groups: BTreeMap::new(),
            answers: BTreeMap::new(),
            dirty: BTreeSet::new(),
            looked_at: Vec::new(),
            talking: BTreeSet::new(),
            beside: Commit::new(),
            barriers: Vec::new(),
            unburied: VecDeque::new(),
            retry_at: Time::MAX,
            names: BTreeMap::new(),
            transactions: TransactionCore::new(TRANSACTION_TIMEOUT),
            aborts: Vec::new(),
            wakers: Vec::new(),
            told: Vec::new(),
            failed: None,
            next: 0,
            next_place: 0,
        }
    }

    /// A number that nothing else has in this life.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A producer that is like no other, in this life and all others.
    pub(super) fn new_producer(&mut self) -> Result<ProducerIdentity, BrokerError> {
        self.check()?;
        let number = self.number() & u64::from(u32::MAX);
        Ok(ProducerIdentity { id: self.term << 32 | number, epoch: 0 })
    }

    /// Whether a producer can have a transaction: one of an earlier life that has no name is known to nobody.
    pub(super) fn check_producer(&self, producer: ProducerIdentity) -> Result<(), BrokerError> {
        let is_ours = producer.id >> 32 == self.term;
        let is_named = || self.names.values().any(|named| named.id == producer.id);
        if is_ours || is_named() { Ok(()) } else { Err(BrokerError::NoTransaction) }
    }

    /// Whether something is to be written.
    pub(super) fn has_work(&self) -> bool {
        !self.dirty.is_empty() || !self.beside.writes.is_empty() || !self.barriers.is_empty()
    }

    pub(super) fn ask(&mut self, answer: Answer) -> Ticket {
        let ticket = Ticket(self.number());
        self.answers.insert(ticket, answer);
        ticket
    }

    pub(super) fn check(&self) -> Result<(), BrokerError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    pub(super) fn place(&self, partition: &Partition) -> Result<usize, BrokerError> {
        let missing = || BrokerError::NoTopic(partition.topic.clone());
        let topic = self.topics.get(&partition.topic).ok_or_else(missing)?;
        topic.places.get(partition.number as usize).copied().ok_or_else(missing)
    }

    pub(super) fn core(&mut self, place: usize) -> Option<&mut PartitionCore> {
        self.touch(place);
        Some(&mut self.hosted.get_mut(&place)?.core)
    }

    /// Something may have happened in a partition.
    pub(super) fn touch(&mut self, place: usize) {
        self.dirty.insert(place);
        self.talking.insert(place);
    }

    /// The partition at a place.
    pub(super) fn partition(&mut self, place: usize) -> Option<(Partition, &mut PartitionCore)> {
        let core = &mut self.hosted.get_mut(&place)?.core;
        Some((core.name().clone(), core))
    }

    pub(super) fn publish(&mut self, now: Now, ticket: Ticket, batch: Batch) {
        let place = self.place(&batch.to).and_then(|place| {
            if let Some(numbered) = batch.numbered.filter(|_| batch.transactional) {
                self.check_producer(numbered.producer)?;
                self.transactions.on_batch(now.time, numbered.producer, &batch.to)?;
            }
            Ok(place)
        });
        match place {
            Ok(place) => {
                if let Some(core) = self.core(place) {
                    core.publish(now, ticket, batch);
                }
            }
            Err(error) => self.published(now, ticket, Err(error)),
        }
    }

    /// Does what the partitions say, until none has anything to say, and wakes those who might be delivered
    /// something.
    pub(super) fn settle_down(&mut self, now: Now) {
        while let Some(place) = self.talking.pop_first() {
            let Some(hosted) = self.hosted.get_mut(&place) else {
                continue;
            };
            let effects: Vec<_> = std::iter::from_fn(|| hosted.core.poll_effect()).collect();
            effects.into_iter().for_each(|effect| self.on_effect(now, place, effect));
            self.wake_readers(place);
            self.note_due(place);
        }
    }

    /// Notes when a partition has something to do by itself, so that nobody asks all of them.
    fn note_due(&mut self, place: usize) {
        let Some(hosted) = self.hosted.get_mut(&place) else { return };
        let due = hosted.core.next_deadline();
        if due != hosted.due {
            self.due.remove(&(hosted.due, place));
            self.due.insert((due, place));
            hosted.due = due;
        }
    }

    fn on_effect(&mut self, now: Now, place: usize, effect: Effect) {
        match effect {
            Effect::Published(ticket, result) => self.published(now, ticket, result),
            Effect::Settled(ticket, settled) => {
                if let Some(Answer::Settled(answer)) = self.answers.remove(&ticket) {
                    self.told.push(Told::Settled(answer, settled));
                }
            }
            Effect::Done(_) => {}
            Effect::Bury(burial) => self.bury(now, place, burial),
            Effect::Freed(_, consumer, _) => self.freed(consumer),
            Effect::Gap(reader, from, to) => {
                if let Some((partition, _)) = self.partition(place) {
                    self.tell(place, reader, || Ok(Fed::Gap(partition.clone(), from, to)));
                }
            }
            Effect::OutOfRange(reader) => {
                self.tell(place, reader, || Err(BrokerError::OutOfRange));
            }
        }
    }

    /// Nothing goes on: everybody who waits is told.
    pub(super) fn fail(&mut self, error: BrokerError) {
        self.failed.get_or_insert(error);
        let answers = std::mem::take(&mut self.answers).into_values().map(Told::Unanswered);
        self.told.extend(answers.chain(self.barriers.drain(..).map(Told::Unwritten)));
        for subscriber in self.subscribers.values_mut() {
            self.wakers.extend(subscriber.waker.take());
        }
    }

    pub(super) fn next_deadline(&self) -> Time {
        let hosted = self.due.first().map(|(at, _)| *at);
        let groups = self.groups.values().map(|grouped| grouped.core.next_deadline());
        let own = [self.retry_at, self.transactions.next_deadline()];
        groups.chain(hosted).chain(own).min().unwrap_or(Time::MAX)
    }
}
