use cascadia_patterns::messaging::partition::{ConsumerId, Effect};
use cascadia_patterns::messaging::{BrokerError, Delivery, Fed};
use cascadia_runtime::Time;

use super::hosted::{Cause, Hosted};
use super::leaving::Leaving;
use super::life::{Alive, Next};
use crate::broker::kept::Kept;
use crate::broker::note::Note;
use crate::broker::words::{Reply, Word};

impl Alive {
    /// Does what follows from what has happened, until nothing does.
    pub(super) fn settle(&mut self, kept: &mut Kept) -> Next {
        let mut leaving = std::mem::take(&mut self.leaving);
        while let Some(at) = self.touched.pop_first() {
            self.write_down(at, Cause::Other, kept);
            self.heed(at, &mut leaving);
            self.hand_out(at, kept, &mut leaving);
            self.heed(at, &mut leaving);
            self.mark_due(at);
        }
        self.send_all(leaving);
        self.tell_members();
        let starts = self.is_dirty && !self.is_writing;
        if starts {
            self.is_writing = true;
        }
        Next { starts, due: self.next_wake() }
    }

    /// Takes what a partition has to write down.
    pub(super) fn write_down(&mut self, at: usize, cause: Cause, kept: &mut Kept) {
        let Self { hosted, entries, forgotten, .. } = self;
        let hosted = &mut hosted[at];
        if !hosted.core.has_written() {
            return;
        }
        hosted.core.take_entries(entries, forgotten);
        if !entries.is_empty() {
            let now = self.life.now();
            entries.iter().for_each(|entry| hosted.tell(&self.hub, &entry.change, cause, now));
            self.is_dirty = true;
        }
        kept.put(at, entries, forgotten);
    }

    /// Gives messages to consumers, as long as there are some and somebody has room.
    fn hand_out(&mut self, at: usize, kept: &mut Kept, leaving: &mut Leaving) {
        let now = self.now();
        for read in 0..self.hosted[at].readers.len() {
            loop {
                let clients = &self.clients;
                let has_room = |consumer| clients.has_room(consumer);
                let Some(delivered) = self.hosted[at].deliver(now, read, has_room) else { break };
                let (consumer, delivery) = delivered;
                if let Some(attached) = self.clients.consumer(consumer) {
                    attached.has += 1;
                }
                if let Some(delivery) = delivery {
                    self.leaves(consumer, delivery, leaving);
                }
                self.write_down(at, Cause::Other, kept);
            }
        }
        // Nothing was delivered last, but something may have been found to be dead.
        self.write_down(at, Cause::Other, kept);
        let Hosted { core, readers, .. } = &mut self.hosted[at];
        match readers.iter().any(|read| core.is_ready(read.id)) {
            true => self.starved.insert(at),
            false => self.starved.remove(&at),
        };
    }

    /// Somebody has room: those who have something and nobody to give it to try again.
    pub(super) fn feed_the_starved(&mut self) {
        std::mem::take(&mut self.starved).into_iter().for_each(|at| self.touched.insert(at));
    }

    /// A delivery leaves.
    pub(super) fn leaves(&self, consumer: ConsumerId, delivery: Delivery, leaving: &mut Leaving) {
        let source = &delivery.id.source;
        let topic = self.hub.plan.topic(&source.partition.topic);
        let group = topic.and_then(|topic| self.hub.group(topic, source.group.as_str()));
        let spot = Note::read(delivery.message.bytes()).map(|note| note.spot);
        if let (Some(topic), Some(group), Some(spot), Some(body), Some((to, _))) =
            (topic, group, spot, &delivery.message.body, self.clients.whose(consumer))
        {
            let mut witness = self.hub.witness.borrow_mut();
            witness.delivered((topic, group), spot, body.downgrade(), to.0);
        }
        leaving.add(consumer, Fed::Delivery(delivery));
    }

    /// Tells feeds what there is for them.
    fn send_all(&mut self, mut leaving: Leaving) {
        for (consumer, fed) in leaving.drain() {
            if let Some((to, feed)) = self.clients.whose(consumer)
                && let Some(client) = self.clients.client(to)
            {
                client.connection.send(Word::Feed(feed, fed));
            }
        }
        self.leaving = leaving;
    }

    /// A feed will be told nothing more.
    fn break_off(&mut self, consumer: ConsumerId, why: BrokerError) {
        let Some((to, feed)) = self.clients.whose(consumer) else { return };
        if let Some(client) = self.clients.client(to) {
            client.connection.send(Word::Broken(feed, why));
        }
        if let Some(attached) = self.clients.detach(to, feed) {
            self.detached(&attached);
        }
    }

    /// Heeds what a partition has to say.
    fn heed(&mut self, at: usize, leaving: &mut Leaving) {
        while let Some(effect) = self.hosted[at].core.poll_effect() {
            match effect {
                Effect::Published(ticket, result) => {
                    self.pay(ticket.0, result.map(Reply::Published));
                }
                Effect::Settled(ticket, settled) => {
                    self.pay(ticket.0, Ok(Reply::Settled(settled)));
                }
                Effect::Done(ticket) => self.pay(ticket.0, Ok(Reply::Done)),
                Effect::Bury(burial) => self.bury(at, burial),
                Effect::Freed(_, consumer, _) => {
                    if let Some(attached) = self.clients.consumer(consumer) {
                        let was_full = attached.has >= attached.credit;
                        attached.has = attached.has.saturating_sub(1);
                        if was_full {
                            self.feed_the_starved();
                        }
                    }
                }
                Effect::Gap(reader, from, to) => {
                    let gap = Fed::Gap(self.hosted[at].name.clone(), from, to);
                    for consumer in self.hosted[at].line(reader) {
                        leaving.add(consumer, gap.clone());
                    }
                }
                Effect::OutOfRange(reader) => {
                    for consumer in self.hosted[at].line(reader) {
                        self.break_off(consumer, BrokerError::OutOfRange);
                    }
                }
            }
        }
    }

    /// Everything up to some entries is safe.
    pub(super) fn on_safe(&mut self, upto: &[(usize, u64)]) {
        let mut leaving = std::mem::take(&mut self.leaving);
        for (at, upto) in upto {
            if *upto > self.hosted[*at].safe {
                for (consumer, delivery) in self.hosted[*at].on_safe(*upto) {
                    self.leaves(consumer, delivery, &mut leaving);
                }
                self.touched.insert(*at);
            }
        }
        self.send_all(leaving);
    }

    /// Marks when a partition is to be looked after. What is put off meanwhile, as most deliveries are settled long
    /// before their time, is put off when that has come.
    pub(super) fn mark_due(&mut self, at: usize) {
        let hosted = &mut self.hosted[at];
        let due = hosted.core.next_deadline();
        if due < hosted.due {
            self.due.remove(&(hosted.due, at));
            hosted.due = due;
            self.due.insert((due, at));
        }
    }

    /// When it has to be woken, unless it will be.
    fn next_wake(&mut self) -> Option<Time> {
        let groups = self.groups.next_deadline();
        let first = self.due.first().map_or(groups, |(at, _)| groups.min(*at));
        if first == Time::MAX {
            return None;
        }
        if self.woken.is_some_and(|woken| woken <= first) {
            return None;
        }
        self.woken = Some(first);
        Some(first)
    }
}
