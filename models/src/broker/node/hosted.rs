use std::collections::VecDeque;
use std::sync::Arc;

use cascadia_patterns::messaging::partition::{
    Change, ConsumerId, Entry, Handed, Now, PartitionCore, ReaderId, ReaderSettings,
};
use cascadia_patterns::messaging::{
    Bytes, Delivery, DeliveryId, Generation, Message, Partition, Source, Start, Subscription,
};
use cascadia_runtime::Time;

use crate::broker::hub::Hub;
use crate::broker::note::Note;
use crate::broker::spot::Spot;
use crate::broker::witness::Closed;

/// A partition that is kept here.
pub(super) struct Hosted {
    /// Its topic, by its position.
    pub(super) topic: usize,
    pub(super) name: Partition,
    pub(super) core: PartitionCore,
    /// Which messages are at its offsets, from the first one on.
    spots: VecDeque<Option<Spot>>,
    first: u64,
    pub(super) readers: Vec<Read>,
    /// Deliveries that must not leave before an entry is safe.
    held: VecDeque<(u64, ConsumerId, Delivery)>,
    /// Up to where its entries are safe.
    pub(super) safe: u64,
    /// When it has something to do by itself.
    pub(super) due: Time,
}

/// A group that reads a partition.
pub(super) struct Read {
    pub(super) id: ReaderId,
    source: Arc<Source>,
    /// Its consumers, the one first that is next.
    pub(super) line: VecDeque<ConsumerId>,
    /// The newest in which somebody has taken the partition, where partitions are shared.
    generation: Generation,
}

/// On what occasion something was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Acknowledgement,
    Other,
}

impl Hosted {
    pub(super) fn new(topic: usize, name: Partition, core: PartitionCore) -> Self {
        let (spots, held, readers) = (VecDeque::new(), VecDeque::new(), Vec::new());
        let due = Time::MAX;
        Self { topic, name, core, spots, first: 0, readers, held, safe: 0, due }
    }

    /// An entry of an earlier life is there.
    pub(super) fn replay(&mut self, entry: Entry) {
        self.safe = entry.index;
        self.note(&entry.change, |_, _| ());
        self.core.replay(entry);
    }

    /// All entries are there, of which those up to this are safe.
    pub(super) fn begin_at(&mut self, safe: u64) {
        self.core.begin_at(safe);
        self.safe = safe;
    }

    /// The groups of the plan read it from the beginning, whether or not somebody of them is there, but for those that
    /// begin with what comes after they do.
    pub(super) fn read_all(&mut self, hub: &Hub, now: Now) {
        for group in &hub.plan.topics[self.topic].groups {
            let subscription = &group.subscription;
            let is_known = self.core.reader(&subscription.group).is_some();
            if is_known || subscription.start != Start::Latest {
                self.begin(hub, now, subscription);
            }
        }
    }

    /// Lets a group read. What a new one does not begin with it is never given.
    pub(super) fn begin(&mut self, hub: &Hub, now: Now, subscription: &Subscription) -> usize {
        let is_new = self.core.reader(&subscription.group).is_none();
        if is_new && subscription.start == Start::Latest {
            self.skip_all(hub, subscription);
        }
        self.read(now, subscription)
    }

    pub(super) fn read(&mut self, now: Now, subscription: &Subscription) -> usize {
        let settings = ReaderSettings::from(subscription);
        let id = self.core.read(now, &subscription.group, subscription.start, settings);
        if let Some(at) = self.readers.iter().position(|read| read.id == id) {
            return at;
        }
        let source = Source { partition: self.name.clone(), group: subscription.group.clone() };
        let (line, generation) = (VecDeque::new(), Generation::default());
        self.readers.push(Read { id, source: Arc::new(source), line, generation });
        self.readers.len() - 1
    }

    /// A group begins behind everything that is here.
    fn skip_all(&self, hub: &Hub, subscription: &Subscription) {
        let Some(group) = hub.group(self.topic, subscription.group.as_str()) else { return };
        let mut witness = hub.witness.borrow_mut();
        let here = self.spots.iter().flatten();
        here.for_each(|spot| witness.closed((self.topic, group), *spot, Closed::Skipped));
    }

    /// A consumer has the partition alone from now on, unless a later generation is known.
    pub(super) fn take(
        &mut self,
        now: Now,
        at: usize,
        consumer: ConsumerId,
        generation: Generation,
    ) -> bool {
        let read = &mut self.readers[at];
        if generation < read.generation {
            return false;
        }
        read.generation = generation;
        let before = std::mem::replace(&mut read.line, [consumer].into());
        for other in before.into_iter().filter(|other| *other != consumer) {
            self.core.detach(now, read.id, other);
        }
        true
    }

    /// A consumer reads it no more: what it had is ready for others.
    pub(super) fn let_go(&mut self, now: Now, at: usize, consumer: ConsumerId) {
        let read = &mut self.readers[at];
        read.line.retain(|other| *other != consumer);
        self.core.detach(now, read.id, consumer);
    }

    /// Tells the witness what was written down.
    pub(super) fn tell(&mut self, hub: &Hub, change: &Change, cause: Cause, now: Time) {
        let topic = self.topic;
        match change {
            Change::Appended(appended) => {
                for message in &appended.messages {
                    if let (Some(spot), Some(body)) = (spot_of(message), &message.body) {
                        let mut witness = hub.witness.borrow_mut();
                        witness.arrived(topic, spot, body.downgrade(), now);
                    }
                }
            }
            Change::Done(group, offsets) => {
                let Some(group) = hub.group(topic, group.as_str()) else { return };
                let spots = offsets.iter().filter_map(|offset| self.spot(offset.0));
                let mut witness = hub.witness.borrow_mut();
                for spot in spots {
                    match cause {
                        Cause::Acknowledgement => {
                            witness.closed((topic, group), spot, Closed::Acknowledged);
                        }
                        Cause::Other => witness.dead((topic, group), spot),
                    }
                }
            }
            Change::Doomed(group, offset, _) => {
                let group = hub.group(topic, group.as_str());
                if let (Some(group), Some(spot)) = (group, self.spot(offset.0)) {
                    hub.witness.borrow_mut().dead((topic, group), spot);
                }
            }
            _ => {}
        }
        let groups = hub.plan.topics[topic].groups.len();
        self.note(change, |spot, _| {
            let mut witness = hub.witness.borrow_mut();
            (0..groups).for_each(|group| witness.closed((topic, group), spot, Closed::Trimmed));
        });
    }

    /// Notes where messages are, and says of which that is over.
    fn note(&mut self, change: &Change, mut trimmed: impl FnMut(Spot, u64)) {
        match change {
            Change::Appended(appended) => {
                if self.spots.is_empty() {
                    self.first = appended.first.0;
                }
                // What was forgotten in an earlier life leaves gaps.
                let end = (appended.first.0 - self.first) as usize;
                self.spots.resize(end.max(self.spots.len()), None);
                self.spots.extend(appended.messages.iter().map(|message| spot_of(message)));
            }
            Change::Trimmed(until) => {
                while self.first < until.0
                    && let Some(spot) = self.spots.pop_front()
                {
                    if let Some(spot) = spot {
                        trimmed(spot, self.first);
                    }
                    self.first += 1;
                }
            }
            _ => {}
        }
    }

    fn spot(&self, offset: u64) -> Option<Spot> {
        let at = offset.checked_sub(self.first)?;
        self.spots.get(at as usize).copied().flatten()
    }

    /// The next delivery for a group of whose consumers one has room, with whom it goes to; it is held back
    /// where it must not leave yet.
    pub(super) fn deliver(
        &mut self,
        now: Now,
        at: usize,
        has_room: impl Fn(ConsumerId) -> bool,
    ) -> Option<(ConsumerId, Option<Delivery>)> {
        let read = &mut self.readers[at];
        if !self.core.is_ready(read.id) {
            return None;
        }
        let next = read.line.iter().position(|consumer| has_room(*consumer))?;
        read.line.rotate_left(next);
        let consumer = read.line[0];
        let handed = self.core.deliver(now, read.id, consumer)?;
        read.line.rotate_left(1);
        let (after, delivery) = (handed.after, delivery(&read.source, handed));
        if after <= self.safe {
            return Some((consumer, Some(delivery)));
        }
        self.held.push_back((after, consumer, delivery));
        Some((consumer, None))
    }

    /// Everything up to an entry is safe: deliveries that waited for that may leave.
    pub(super) fn on_safe(&mut self, upto: u64) -> Vec<(ConsumerId, Delivery)> {
        self.safe = self.safe.max(upto);
        self.core.on_durable(self.safe);
        let mut leave = Vec::new();
        while self.held.front().is_some_and(|(after, ..)| *after <= self.safe) {
            leave.extend(self.held.pop_front().map(|(_, consumer, delivery)| (consumer, delivery)));
        }
        leave
    }

    /// The consumers of a group.
    pub(super) fn line(&self, reader: ReaderId) -> Vec<ConsumerId> {
        let read = self.readers.iter().find(|read| read.id == reader);
        read.into_iter().flat_map(|read| read.line.iter().copied()).collect()
    }
}

/// The message that is in a body.
fn spot_of(message: &Message) -> Option<Spot> {
    Note::read(message.bytes()).map(|note| note.spot)
}

/// A consumer gets a copy, as over a network.
fn delivery(source: &Arc<Source>, handed: Handed) -> Delivery {
    let Handed { offset, token, attempt, published, message, .. } = handed;
    let body = message.body.as_deref().map(Bytes::from);
    let message = Arc::new(Message { body, ..(*message).clone() });
    let id = DeliveryId { source: Arc::clone(source), offset, token };
    Delivery { id, message, attempt, published }
}
