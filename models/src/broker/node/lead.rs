//! Partitions that a place leads, and others keep, too.

use std::sync::Arc;

use cascadia_patterns::messaging::partition::{ConsumerId, Effect, PartitionCore};
use cascadia_patterns::messaging::{BrokerError, Sharing};

use super::hosted::Hosted;
use super::life::{Alive, Owed};
use crate::broker::controller::Partition;
use crate::broker::kept::Kept;
use crate::broker::peer_word::PeerWord;
use crate::broker::replica::{Fetch, Fetched, Found, Leading, Part, Replica};
use crate::broker::words::Word;

/// How many entries a follower is sent at once.
const MOST: usize = 1_000;

impl Alive {
    /// It leads a partition.
    pub(super) fn lead(&mut self, at: usize, partition: &Partition, kept: &mut Kept) {
        let leading = self.replicas.get_mut(&at).and_then(Replica::leads);
        if leading.is_none_or(|leading| leading.epoch != partition.epoch) {
            self.begin_to_lead(at, partition, kept);
        }
        if let Some(leading) = self.replicas.get_mut(&at).and_then(Replica::leads)
            && leading.version != partition.version
        {
            leading.on_in_sync(partition.version, &partition.in_sync);
            self.advance(at, kept);
        }
    }

    fn begin_to_lead(&mut self, at: usize, partition: &Partition, kept: &Kept) {
        self.rest(at);
        let now = self.now();
        let Some(replica) = self.replicas.get_mut(&at) else { return };
        let (end, written) = (kept.end(at), kept.written(at, self.written));
        let watermark = replica.watermark.min(end);
        let (of, epoch) = (replica.of, partition.epoch);
        let least = self.hub.plan.topics[of.0].min_insync as usize;
        let leading =
            Leading::new((self.own, least), partition, (end, written, watermark), now.time);
        replica.part = Part::Leads(leading);
        self.figures.elections += 1;
        let log = (end, kept.epochs(at));
        self.hub.ledger.borrow_mut().lead(of, (self.own, epoch), log);
        self.empty(at, epoch);
        let hub = Arc::clone(&self.hub);
        let hosted = &mut self.hosted[at];
        kept.entries(at).for_each(|entry| hosted.replay(entry));
        hosted.begin_at(watermark);
        hosted.read_all(&hub, now);
        self.seat_all(at);
        self.touched.insert(at);
    }

    /// Has a partition without anything in it.
    fn empty(&mut self, at: usize, term: u64) {
        let (now, Hosted { topic, name, .. }) = (self.now(), &self.hosted[at]);
        let (topic, name) = (*topic, name.clone());
        let settings = self.hub.plan.topics[topic].settings.clone();
        let core = PartitionCore::new(name.clone(), settings, term, now);
        self.due.remove(&(self.hosted[at].due, at));
        self.hosted[at] = Hosted::new(topic, name, core);
    }

    /// Everybody reads a partition who is there for it.
    fn seat_all(&mut self, at: usize) {
        let now = self.now();
        let hosted = &mut self.hosted[at];
        for consumer in self.clients.consumers() {
            let Some(attached) = self.clients.consumer(consumer) else { continue };
            let subscription = Arc::clone(&attached.subscription);
            if !subscription.topics.contains(&hosted.name.topic) {
                continue;
            }
            if let Sharing::Partitions(_) = subscription.sharing {
                if !attached.seats.partitions.contains(&hosted.name) {
                    continue;
                }
                let read = hosted.begin(&self.hub, now, &subscription);
                if hosted.take(now, read, attached.consumer, attached.seats.generation) {
                    attached.reads.push((at, read));
                }
            } else {
                let read = hosted.begin(&self.hub, now, &subscription);
                hosted.readers[read].line.push_back(attached.consumer);
                attached.reads.push((at, read));
            }
        }
    }

    /// Leads a partition no more, and does not follow anybody.
    pub(super) fn rest(&mut self, at: usize) {
        let Some(replica) = self.replicas.get_mut(&at) else { return };
        let before = std::mem::replace(&mut replica.part, Part::Nothing);
        if !matches!(before, Part::Leads(_)) {
            return;
        }
        self.unseat_all(at);
        self.letters.leave(at);
        let owed: Vec<usize> =
            self.owed.iter().filter(|(_, (of, _))| *of == at).map(|(ticket, _)| ticket).collect();
        for ticket in owed {
            // Whoever leads next may have it.
            if let (_, Owed::To(to, number)) = self.owed.remove(ticket) {
                let deposed = "somebody else leads the partition".to_owned();
                self.answer(to, Some(number), Err(BrokerError::Unknown(deposed)));
            }
        }
        self.starved.remove(&at);
        self.empty(at, 1);
    }

    /// Nobody reads a partition any more: what was delivered counts for nobody's credit.
    fn unseat_all(&mut self, at: usize) {
        let now = self.now();
        let hosted = &mut self.hosted[at];
        for consumer in self.clients.consumers() {
            let Some(attached) = self.clients.consumer(consumer) else { continue };
            let reads = std::mem::take(&mut attached.reads);
            let (here, others) = reads.into_iter().partition(|(of, _)| *of == at);
            attached.reads = others;
            let here: Vec<(usize, usize)> = here;
            here.iter().for_each(|(_, read)| hosted.let_go(now, *read, attached.consumer));
        }
        let mut freed: Vec<ConsumerId> = Vec::new();
        while let Some(effect) = hosted.core.poll_effect() {
            if let Effect::Freed(_, consumer, _) = effect {
                freed.push(consumer);
            }
        }
        for consumer in freed {
            if let Some(attached) = self.clients.consumer(consumer) {
                attached.has = attached.has.saturating_sub(1);
            }
        }
        self.feed_the_starved();
    }

    /// Whether as many replicas of a partition are in sync as must be.
    pub(super) fn has_enough(&mut self, at: usize) -> bool {
        let leading = self.replicas.get_mut(&at).and_then(Replica::leads);
        leading.is_none_or(|leading| leading.has_enough())
    }

    /// How many partitions that it leads lack a replica in sync.
    pub(super) fn under_replicated(&self) -> u64 {
        let is_short = |replica: &&Replica| match &replica.part {
            Part::Leads(leading) => leading.is_short(),
            Part::Nothing | Part::Follows(_) => false,
        };
        self.replicas.values().filter(is_short).count() as u64
    }

    /// Its disk has more of a partition.
    pub(super) fn on_written(&mut self, at: usize, kept: &mut Kept) {
        let written = kept.written(at, self.written);
        match self.replicas.get_mut(&at).and_then(Replica::leads) {
            Some(leading) => {
                leading.on_written(written);
                self.hosted[at].core.on_written(written);
                self.touched.insert(at);
                self.advance(at, kept);
            }
            None => self.fetch(at, kept),
        }
    }

    /// What is behind the watermark is safe.
    fn advance(&mut self, at: usize, kept: &mut Kept) {
        let Some(replica) = self.replicas.get_mut(&at) else { return };
        let of = replica.of;
        let Some(leading) = replica.leads() else { return };
        let watermark = leading.watermark();
        if watermark <= self.hosted[at].safe {
            return;
        }
        let forgotten = leading.forget();
        replica.watermark = watermark;
        kept.forget(at, forgotten);
        self.hub.ledger.borrow_mut().commit(of, watermark, kept.epochs(at));
        let mut leaving = std::mem::take(&mut self.leaving);
        self.release(at, watermark, &mut leaving);
        self.send_all(leaving);
    }

    /// A follower asks.
    pub(super) fn on_fetch(&mut self, fetch: &Fetch, kept: &mut Kept) {
        let now = self.life.now();
        let Some(at) = self.found.get(fetch.of) else { return };
        let leading = self.replicas.get_mut(&at).and_then(Replica::leads);
        let Some(leading) = leading.filter(|leading| leading.epoch == fetch.epoch) else { return };
        let (epoch, end) = kept.epochs(at).until(fetch.last, kept.end(at));
        if epoch != fetch.last || end + 1 < fetch.next {
            return self.tell(fetch.from.0, fetch, Found::Parted { epoch, end });
        }
        leading.on_fetch(now, fetch);
        self.advance(at, kept);
        self.touched.insert(at);
    }

    fn tell(&mut self, place: usize, fetch: &Fetch, found: Found) {
        let Fetch { of, epoch, number, .. } = *fetch;
        let fetched = Fetched { of, epoch, number, found };
        self.say(place, Word::Peer(PeerWord::Fetched(fetched)));
    }

    /// Sends followers what they wait for.
    pub(super) fn serve(&mut self, at: usize, kept: &Kept) {
        let Some(replica) = self.replicas.get_mut(&at) else { return };
        let of = replica.of;
        let Some(leading) = replica.leads() else { return };
        let (epoch, watermark) = (leading.epoch, leading.watermark());
        let mut answers = Vec::new();
        for (place, number, next) in leading.waiting() {
            let entries = kept.from(at, next, MOST);
            let Some(end) = entries.last().map(|entry| entry.index) else { continue };
            let (forgotten, epochs) = (leading.on_sent(place, end), kept.epochs(at).clone());
            let found = Found::Entries { entries, epochs, watermark, forgotten };
            answers.push((place, Fetched { of, epoch, number, found }));
        }
        for (place, fetched) in answers {
            self.say(place, Word::Peer(PeerWord::Fetched(fetched)));
        }
    }
}
