use std::sync::Arc;

use cascadia_patterns::messaging::{
    Acks, BrokerError, DeliveryId, Offset, ProducerIdentity, Settle, Settled, Sharing,
    Subscription, Token,
};

use super::clients::Attached;
use super::hosted::Cause;
use super::life::{Alive, Owed};
use crate::broker::kept::Kept;
use crate::broker::words::{Ask, Asked, Reply, Said, Word};
use crate::component::{Life, PlaceId};

/// Nobody can be served yet.
pub(super) fn refuse(life: &Life, from: PlaceId, ask: Ask) {
    if let Some(number) = ask.number {
        let starting = BrokerError::Unavailable("it is starting".to_owned());
        life.accept(from).send(Word::Answer(number, Err(starting)));
    }
}

impl Alive {
    /// Somebody asks something.
    pub(super) fn ask(&mut self, from: PlaceId, ask: Ask, kept: &mut Kept) {
        let Ask { life, number, what } = ask;
        let connect = || self.life.accept(from);
        for attached in self.clients.meet(from, life, connect) {
            self.detached(&attached);
        }
        if !self.clients.knows(from, life) {
            return;
        }
        let answer = match what {
            Asked::Publish(batch) => {
                let Some(at) = self.find(&batch.to) else {
                    return self.answer(from, number, Err(BrokerError::NoTopic(batch.to.topic)));
                };
                if let Some(why) = &self.trouble {
                    return self.answer(from, number, Err(BrokerError::Unavailable(why.clone())));
                }
                let owed = match (batch.acks, number) {
                    (Acks::None, _) | (_, None) => Owed::Nobody,
                    (_, Some(number)) => Owed::To(from, number),
                };
                return self.publish(at, batch, owed);
            }
            Asked::Identify => {
                self.producers += 1;
                let life = self.life.incarnation();
                let id = (self.own as u64) << 56 | life << 32 | self.producers;
                Ok(Reply::Identity(ProducerIdentity { id, epoch: 0 }))
            }
            Asked::Attach(feed, subscription, credit) => {
                self.attach(from, feed, &subscription, credit)
            }
            Asked::Seat(said, seats) => {
                self.seat(from, said, &seats);
                Ok(Reply::Done)
            }
            Asked::Member(asked) => Ok(self.member(from, asked)),
            Asked::Beat(feed) => {
                let now = self.life.now();
                Ok(match self.clients.feed(from, feed) {
                    Some(attached) => {
                        attached.heard = now;
                        Reply::Done
                    }
                    None => Reply::Unknown,
                })
            }
            Asked::Credit(Said { feed, number }, most) => {
                if let Some(attached) = self.clients.feed(from, feed)
                    && attached.credited < number
                {
                    (attached.credit, attached.credited) = (most, number);
                    self.feed_the_starved();
                }
                Ok(Reply::Done)
            }
            Asked::Detach(feed) => {
                if let Some(attached) = self.clients.detach(from, feed) {
                    self.detached(&attached);
                }
                Ok(Reply::Done)
            }
            Asked::Settle(ids, settle) => {
                return self.settle_all(from, number, &ids, &settle, kept);
            }
            Asked::Seek(group, partition, to) => {
                let found = self
                    .find(&partition)
                    .and_then(|at| self.hosted[at].core.reader(&group).map(|reader| (at, reader)));
                let Some((at, reader)) = found else {
                    return self.answer(from, number, Err(BrokerError::NoTopic(partition.topic)));
                };
                let owed = number.map_or(Owed::Nobody, |number| Owed::To(from, number));
                let (now, ticket) = (self.now(), self.owe(owed));
                self.hosted[at].core.seek(now, ticket, reader, to);
                self.touched.insert(at);
                return;
            }
            Asked::Lag(group, partition) => {
                let now = self.now();
                let lag = self.find(&partition).and_then(|at| {
                    let core = &self.hosted[at].core;
                    Some(core.lag(now, core.reader(&group)?))
                });
                lag.map(Reply::Lag).ok_or(BrokerError::NoTopic(partition.topic))
            }
        };
        self.answer(from, number, answer);
    }

    pub(super) fn answer(
        &self,
        to: PlaceId,
        number: Option<u64>,
        answer: Result<Reply, BrokerError>,
    ) {
        if let (Some(number), Some(client)) = (number, self.clients.client(to)) {
            client.connection.send(Word::Answer(number, answer));
        }
    }

    fn attach(
        &mut self,
        from: PlaceId,
        feed: u64,
        subscription: &Arc<Subscription>,
        credit: u32,
    ) -> Result<Reply, BrokerError> {
        let now = self.now();
        let consumer = self.clients.attach(from, feed, subscription, credit, now.time);
        let is_new = self.clients.feed(from, feed).is_some_and(|feed| feed.reads.is_empty());
        let is_told_which = matches!(subscription.sharing, Sharing::Partitions(_));
        if !is_new || is_told_which {
            return Ok(Reply::Done);
        }
        let hub = Arc::clone(&self.hub);
        let mut reads = Vec::new();
        for topic in &subscription.topics {
            let index = hub.plan.topic(topic).ok_or_else(|| BrokerError::NoTopic(topic.clone()))?;
            let here = self.found.range((index, 0)..(index + 1, 0)).map(|(_, at)| *at);
            for at in here.collect::<Vec<_>>() {
                let read = self.hosted[at].read(now, subscription);
                self.hosted[at].readers[read].line.push_back(consumer);
                reads.push((at, read));
                self.touched.insert(at);
            }
        }
        if let Some(attached) = self.clients.feed(from, feed) {
            attached.reads = reads;
        }
        Ok(Reply::Done)
    }

    /// A feed is no more: what it had is ready for others.
    pub(super) fn detached(&mut self, attached: &Attached) {
        let now = self.now();
        for (at, read) in &attached.reads {
            self.hosted[*at].let_go(now, *read, attached.consumer);
            self.touched.insert(*at);
        }
    }

    /// A client has gone, or was reset.
    pub(super) fn leave(&mut self, from: PlaceId, _: &mut Kept) {
        for attached in self.clients.leave(from) {
            self.detached(&attached);
        }
    }

    /// Settles deliveries of one partition after the other; all are of this place.
    fn settle_all(
        &mut self,
        from: PlaceId,
        number: Option<u64>,
        ids: &[DeliveryId],
        settle: &Settle,
        kept: &mut Kept,
    ) {
        let now = self.now();
        let mut rest = ids;
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|id| id.source == first.source).count();
            let (these, others) = rest.split_at(count);
            rest = others;
            // Who asks for several partitions is answered by the last.
            let owed = match number {
                Some(number) if rest.is_empty() => Owed::To(from, number),
                _ => Owed::Nobody,
            };
            let at = self.find(&first.source.partition);
            let reader = at.and_then(|at| self.hosted[at].core.reader(&first.source.group));
            let (Some(at), Some(reader)) = (at, reader) else {
                let stale = vec![Settled::Stale; these.len()];
                if let Owed::To(to, number) = owed {
                    self.answer(to, Some(number), Ok(Reply::Settled(stale)));
                }
                continue;
            };
            let pairs: Vec<(Offset, Token)> =
                these.iter().map(|id| (id.offset, id.token)).collect();
            let ticket = self.owe(owed);
            self.write_down(at, Cause::Other, kept);
            self.hosted[at].core.settle(now, ticket, reader, &pairs, settle);
            let cause = match settle {
                Settle::Ack | Settle::AckThrough => Cause::Acknowledgement,
                _ => Cause::Other,
            };
            self.write_down(at, cause, kept);
            self.touched.insert(at);
        }
    }

    /// What became of a batch or of something else that was asked.
    pub(super) fn pay(&mut self, ticket: u64, answer: Result<Reply, BrokerError>) {
        let Some(owed) = self.owed.try_remove(ticket as usize) else { return };
        match owed {
            Owed::To(to, number) => self.answer(to, Some(number), answer),
            Owed::Nobody => {}
            Owed::Letter(letter) => self.buried(letter, answer.is_ok()),
        }
    }
}
